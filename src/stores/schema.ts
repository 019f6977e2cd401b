/** One step from an older database to a newer one. Steps that were released are never changed: a change is a new step. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
}

/**
 * The tables, in words that SQLite, D1 and PostgreSQL all take. Instants are Unix milliseconds, days `YYYY-MM-DD` in UTC,
 * money whole micro-neurons. BIGINT is needed by PostgreSQL, whose INTEGER ends at 2^31; SQLite's holds 64 bits under any name with INT in it.
 */
export const migrations: readonly Migration[] = [
  {
    name: "accounts, tokens and the ledger",
    statements: [
      `CREATE TABLE accounts (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        plan TEXT NOT NULL,
        created_at BIGINT NOT NULL
      )`,
      // Of a secret only its SHA-256 is kept, in hexadecimal.
      `CREATE TABLE tokens (
        id TEXT NOT NULL PRIMARY KEY,
        account_id TEXT NOT NULL REFERENCES accounts (id),
        name TEXT NOT NULL,
        permissions TEXT NOT NULL,
        secret_sha256 TEXT NOT NULL UNIQUE,
        created_at BIGINT NOT NULL,
        revoked_at BIGINT
      )`,
      `CREATE INDEX tokens_of_account ON tokens (account_id)`,
      // Kept for ever, without foreign keys: a bill outlives its account. `quantities` is the Usage as JSON, so that it can be priced again.
      `CREATE TABLE charges (
        call_id TEXT NOT NULL PRIMARY KEY,
        account_id TEXT NOT NULL,
        token_id TEXT NOT NULL,
        model TEXT NOT NULL,
        served_by TEXT,
        task TEXT NOT NULL,
        quantities TEXT NOT NULL,
        microneurons BIGINT NOT NULL,
        day TEXT NOT NULL,
        at BIGINT NOT NULL,
        outcome TEXT NOT NULL
      )`,
      `CREATE INDEX charges_of_account_and_day ON charges (account_id, day)`,
      // `booked` is the sum of the charges of that account and day, kept beside them in the same batch.
      `CREATE TABLE budgets (
        account_id TEXT NOT NULL,
        day TEXT NOT NULL,
        booked BIGINT NOT NULL,
        PRIMARY KEY (account_id, day)
      )`,
      // Only used where several processes share the database: row-reservations.ts.
      `CREATE TABLE reservations (
        id TEXT NOT NULL PRIMARY KEY,
        node TEXT NOT NULL,
        account_id TEXT NOT NULL,
        day TEXT NOT NULL,
        microneurons BIGINT NOT NULL,
        expires_at BIGINT NOT NULL
      )`,
      `CREATE INDEX reservations_of_account_and_day ON reservations (account_id, day)`,
      // The requests of one minute (Unix minutes), by what is counted, such as a task. A new minute overwrites the old one.
      `CREATE TABLE rates (
        account_id TEXT NOT NULL,
        counted TEXT NOT NULL,
        minute BIGINT NOT NULL,
        requests BIGINT NOT NULL,
        PRIMARY KEY (account_id, counted)
      )`,
    ],
  },
];
