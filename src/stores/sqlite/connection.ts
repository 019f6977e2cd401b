import Libsql from "libsql";
import type { Result, Row, Statement } from "../index.ts";

/** A connection to a SQLite file. Everything blocks the thread that calls it. */
export interface Connection {
  query(statement: Statement): Result;
  /** In one transaction: all or none. */
  batch(statements: readonly Statement[]): Result[];
  close(): void;
}

/** Milliseconds to wait for another process that is writing: the command line beside the server. */
const busyTimeout = 5_000;

/** @throws what libsql throws; failure.ts makes a sentence of it. */
export function openConnection(file: string): Connection {
  const database = new Libsql(file, { timeout: busyTimeout });
  const prepared = new Map<string, Libsql.Statement>();
  try {
    // A reader never waits for the writer, nor the writer for readers.
    database.pragma("journal_mode = WAL");
    // A commit is on the disk when it returns, power failure included.
    database.pragma("synchronous = FULL");
    database.pragma("foreign_keys = ON");
  } catch (thrown) {
    database.close();
    throw thrown;
  }

  function statementOf(sql: string): Libsql.Statement {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement;
  }

  function query({ sql, parameters }: Statement): Result {
    const statement = statementOf(sql);
    if (!statement.reader) return { rows: [], changes: statement.run(parameters).changes };
    const rows = statement.all(parameters) as Row[]; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the schema has no blobs
    return { rows, changes: rows.length };
  }

  return {
    query,
    batch(statements) {
      database.exec("BEGIN IMMEDIATE");
      try {
        const results = statements.map(query);
        database.exec("COMMIT");
        return results;
      } catch (thrown) {
        // On a full disk SQLite has rolled back by itself.
        if (database.inTransaction) database.exec("ROLLBACK");
        throw thrown;
      }
    },
    close() {
      prepared.clear();
      database.close();
    },
  };
}
