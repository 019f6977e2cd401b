import { Problem } from "../../core/index.ts";
import type { Database, Result, Row, SqlValue, Statement } from "../database.ts";

/** What is used of the D1 binding of a Worker. Source: developers.cloudflare.com/d1/worker-api. */
export interface D1Binding {
  prepare(sql: string): D1Statement;
  batch(statements: D1Statement[]): Promise<D1Answer[]>;
}

export interface D1Statement {
  bind(...values: SqlValue[]): D1Statement;
  all(): Promise<D1Answer>;
}

export interface D1Answer {
  readonly results: readonly unknown[];
  readonly meta: { readonly changes: number };
}

/** A D1 database, which all isolates share. D1 runs one batch at a time, and answers when it is durable. */
export function createD1Database(d1: D1Binding): Database {
  const prepared = new Map<string, D1Statement>();
  let closed = false;

  function statementOf({ sql, parameters }: Statement): D1Statement {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = d1.prepare(sql);
      prepared.set(sql, statement);
    }
    return parameters.length === 0 ? statement : statement.bind(...parameters);
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    if (closed) throw new Problem("store-failed", "the database is closed");
    try {
      return await work();
    } catch (thrown) {
      throw new Problem("store-failed", "D1 could not do it; the Worker's log says why", { cause: thrown });
    }
  }

  return {
    maxParameters: 100,
    query: (sql, parameters = []) => attempt(async () => resultOf(await statementOf({ sql, parameters }).all())),
    batch(statements) {
      if (statements.length === 0) return Promise.resolve([]);
      return attempt(async () => {
        const answers = await d1.batch(statements.map(statementOf));
        return answers.map(resultOf);
      });
    },
    async close() {
      closed = true;
    },
  };
}

function resultOf(answer: D1Answer | undefined): Result {
  const rows = (answer?.results ?? []) as Row[]; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the schema has no blobs
  return { rows, changes: rows.length || (answer?.meta.changes ?? 0) };
}
