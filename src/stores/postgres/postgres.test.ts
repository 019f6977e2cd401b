import { PGlite } from "@electric-sql/pglite";
import { describeAccounts, describeDatabase, describeLedger } from "../conformance.ts";
import { createRowReservations } from "../index.ts";
import { createPostgresDatabase, type PostgresClient, type PostgresPool, type PostgresQuery, type PostgresResult } from "./index.ts";

/** PostgreSQL in this process, behind a pool of one connection: it has no more. */
function createPool(): PostgresPool {
  const postgres = new PGlite();
  let last: Promise<unknown> = Promise.resolve();

  async function query({ text, values, types }: PostgresQuery): Promise<PostgresResult> {
    const parsers = Object.fromEntries([20, 21, 23, 25, 1700].map((oid) => [oid, (value: string) => types?.getTypeParser(oid)(value)]));
    const { rows, affectedRows } = await postgres.query<PostgresResult["rows"][number]>(text, values ?? [], { parsers });
    return { rows, rowCount: affectedRows || rows.length };
  }

  /** Waits until whoever had the connection before gives it back. */
  function connect(): Promise<PostgresClient> {
    return new Promise((hand) => {
      last = last.then(() => new Promise<void>((release) => hand({ query, release: () => release() })));
    });
  }

  return {
    connect,
    async query(asked) {
      const client = await connect();
      return query(asked).finally(() => client.release());
    },
    end: () => postgres.close(),
  };
}

const create = async () => createPostgresDatabase(createPool());

describeDatabase("PostgreSQL", { create });
describeAccounts("PostgreSQL", { create });
describeLedger("PostgreSQL", { create, reservations: createRowReservations, processes: 3, histories: 15 });
