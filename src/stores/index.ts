export { createAccounts, type Accounts, type AccountsOptions, type NewAccount, type NewToken } from "./accounts.ts";
export { type Database, numberIn, type Result, type Row, type SqlValue, type Statement, textIn } from "./database.ts";
export { createLedger, type LedgerOptions } from "./ledger.ts";
export { createMemoryReservations } from "./memory-reservations.ts";
export { migrate } from "./migrate.ts";
export type { Reservations } from "./reservations.ts";
export { createRowReservations, type RowReservationsOptions } from "./row-reservations.ts";
export type { Migration } from "./schema.ts";
export { newCallId } from "./call-id.ts";
