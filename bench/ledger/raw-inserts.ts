import Libsql from "libsql";
import type { Charge } from "../../src/core/index.ts";

export interface RawInserts {
  /** @param rows of each INSERT, which is a commit of its own; the number of charges is a multiple of it */
  write(charges: readonly Charge[], rows: number): void;
}

/** Columns as the ledger's own table has them, so that both write the same rows and keep the same indexes. */
const columns = 11;

function insertOf(rows: number): string {
  const placeholders = `(${Array<string>(columns).fill("?").join(", ")})`;
  return `INSERT INTO charges VALUES ${Array<string>(rows).fill(placeholders).join(", ")}`;
}

/** The floor: the bare library, one INSERT and one durable commit after the other, on the thread that calls. */
export function createRawInserts(file: string): RawInserts {
  const database = new Libsql(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  return {
    write(charges, rows) {
      const statement = database.prepare(insertOf(rows));
      for (let at = 0; at < charges.length; at += rows) statement.run(charges.slice(at, at + rows).flatMap(valuesOf));
    },
  };
}

function valuesOf(charge: Charge): (string | number | null)[] {
  const { callId, accountId, tokenId, model, servedBy, task, usage, microneurons, day, at, outcome } = charge;
  return [callId, accountId, tokenId, model, servedBy ?? null, task, JSON.stringify(usage), microneurons, day, at, outcome];
}
