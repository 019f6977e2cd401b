// The promises of this room, run over every driver that claims them.
export { describeAccounts, type AccountsUnderTest } from "./conformance/accounts.ts";
export { describeDatabase, type DatabaseUnderTest } from "./conformance/database.ts";
export { describeLedger, type LedgerUnderTest } from "./conformance/ledger.ts";
