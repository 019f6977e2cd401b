import { Problem } from "../../core/index.ts";
import type { Database, Result, Row, SqlValue, Statement } from "../database.ts";

/** The few methods of `pg` that are used: `new Pool(…)` is one, and so is whatever else can do these. */
export interface PostgresPool {
  query(query: PostgresQuery): Promise<PostgresResult>;
  connect(): Promise<PostgresClient>;
  end(): Promise<void>;
}

export interface PostgresClient {
  query(query: PostgresQuery): Promise<PostgresResult>;
  /** With a true argument the connection is closed and not used again. */
  release(destroy?: boolean): void;
}

export interface PostgresQuery {
  readonly text: string;
  readonly values?: SqlValue[];
  /** A statement with a name is prepared once in each connection. */
  readonly name?: string;
  readonly types?: { getTypeParser(oid: number): (text: string) => SqlValue };
}

export interface PostgresResult {
  readonly rows: readonly Row[];
  readonly rowCount: number | null;
}

/** int8, int2, int4 and numeric come as text; ours are whole and at most 2^53. All other columns that we have are text. */
const numbers = new Set([20, 21, 23, 1700]);
const types = { getTypeParser: (oid: number) => (numbers.has(oid) ? Number : (text: string) => text) };

/** What PostgreSQL asks to try again: a deadlock, or a transaction that saw another one's writes. */
const passing = new Set(["40P01", "40001"]);
const attempts = 3;

/**
 * A PostgreSQL database behind a pool, which several nodes may share. A batch is a transaction of READ COMMITTED: each of its statements
 * sees what others have committed until then, so that what follows a lock is what the lock protects.
 */
export function createPostgresDatabase(pool: PostgresPool): Database {
  const texts = new Map<string, Pick<PostgresQuery, "text" | "name">>();
  let closing: Promise<void> | undefined;

  function queryOf({ sql, parameters }: Statement): PostgresQuery {
    let known = texts.get(sql);
    if (known === undefined) {
      let position = 0;
      known = { text: sql.replaceAll("?", () => `$${++position}`), name: `ganglion-${texts.size}` };
      texts.set(sql, known);
    }
    return { ...known, values: [...parameters], types };
  }

  async function transaction(statements: readonly Statement[]): Promise<Result[]> {
    const client = await pool.connect();
    let broken = true;
    try {
      const results: Result[] = [];
      await client.query({ text: "BEGIN ISOLATION LEVEL READ COMMITTED" });
      try {
        for (const statement of statements) results.push(resultOf(await client.query(queryOf(statement))));
      } catch (thrown) {
        await client.query({ text: "ROLLBACK" });
        broken = false;
        throw thrown;
      }
      await client.query({ text: "COMMIT" });
      broken = false;
      return results;
    } finally {
      client.release(broken);
    }
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    for (let left = attempts - 1; ; left--) {
      if (closing) throw new Problem("store-failed", "the database is closed");
      try {
        return await work();
      } catch (thrown) {
        if (left === 0 || !passing.has(codeOf(thrown))) throw problemOf(thrown);
      }
    }
  }

  return {
    maxParameters: 65_535,
    query: (sql, parameters = []) => attempt(async () => resultOf(await pool.query(queryOf({ sql, parameters })))),
    batch: (statements) => (statements.length === 0 ? Promise.resolve([]) : attempt(() => transaction(statements))),
    close: () => (closing ??= pool.end()),
  };
}

function resultOf({ rows, rowCount }: PostgresResult): Result {
  return { rows, changes: rowCount ?? rows.length };
}

/** The SQLSTATE; a connection that fails has none, or a name of Node's. */
function codeOf(thrown: unknown): string {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, "code") : undefined;
  return typeof code === "string" ? code : "";
}

/** By the first two letters of the SQLSTATE. Source: postgresql.org/docs/current/errcodes-appendix.html. */
const sentences: Readonly<Record<string, readonly ["bad-setting" | "store-failed", string]>> = {
  "28": ["bad-setting", "PostgreSQL refuses the user or password of GANGLION_DATABASE"],
  "3D": ["bad-setting", "PostgreSQL has no database of the name in GANGLION_DATABASE: create it first"],
  "42": ["store-failed", "PostgreSQL does not know what was asked of it; the server's log says more"],
  "53": ["store-failed", "PostgreSQL is out of disk, memory or connections: see to it there"],
  "57": ["store-failed", "PostgreSQL is shutting down or starting: try again"],
};

function problemOf(thrown: unknown): Problem {
  const code = codeOf(thrown);
  const [problem, sentence] = sentences[code.slice(0, 2)] ?? ["store-failed", reasonOf(code)];
  return new Problem(problem, sentence, { cause: thrown });
}

function reasonOf(code: string): string {
  const reached = /^[0-9A-Z]{5}$/.test(code) && !code.startsWith("08");
  return reached
    ? "PostgreSQL could not do it; the server's log says why"
    : "PostgreSQL cannot be reached: is it running where GANGLION_DATABASE says?";
}
