import Libsql from "libsql";
import type { Charge } from "../../src/core/index.ts";

/** Columns as the ledger's own table has them, so that both write the same rows and keep the same indexes. */
const columns = 11;
const rows = 100;
const insert = `INSERT INTO charges VALUES ${Array<string>(rows)
  .fill(`(${Array<string>(columns).fill("?").join(", ")})`)
  .join(", ")}`;

export interface RawInserts {
  /** @param charges a multiple of 100 */
  write(charges: readonly Charge[]): void;
}

/** The floor: the bare library, one INSERT of 100 rows and one durable commit after the other, on the thread that calls. */
export function createRawInserts(file: string): RawInserts {
  const database = new Libsql(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  const statement = database.prepare(insert);
  return {
    write(charges) {
      for (let at = 0; at < charges.length; at += rows) statement.run(charges.slice(at, at + rows).flatMap(valuesOf));
    },
  };
}

function valuesOf(charge: Charge): (string | number | null)[] {
  const { callId, accountId, tokenId, model, servedBy, task, usage, microneurons, day, at, outcome } = charge;
  return [callId, accountId, tokenId, model, servedBy ?? null, task, JSON.stringify(usage), microneurons, day, at, outcome];
}
