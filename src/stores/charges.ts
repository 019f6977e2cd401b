import type { BudgetState, Charge, Day, ModelUsage } from "../core/index.ts";
import { numberIn, textIn, type Database, type Result, type SqlValue, type Statement } from "./database.ts";

const columns = "call_id, account_id, token_id, model, served_by, task, quantities, microneurons, day, at, outcome";
const columnCount = columns.split(",").length;
const placeholders = `(${Array<string>(columnCount).fill("?").join(", ")})`;

/** Rows of one INSERT: powers of two, so that any number is made of few texts, each prepared once. Source of 64: docs/decisions/0004. */
const mostRows = 64;
const inserts = new Map<number, string>();

function insertOf(rows: number): string {
  let sql = inserts.get(rows);
  if (sql === undefined) {
    sql = `INSERT INTO charges (${columns}) VALUES ${Array<string>(rows).fill(placeholders).join(", ")}`;
    inserts.set(rows, sql);
  }
  return sql;
}

function valuesOf(charge: Charge): SqlValue[] {
  const { callId, accountId, tokenId, model, servedBy, task, usage, microneurons, day, at, outcome } = charge;
  return [callId, accountId, tokenId, model, servedBy ?? null, task, JSON.stringify(usage), microneurons, day, at, outcome];
}

/** The INSERTs of some charges. A call that is on the ledger already makes them fail: a plain INSERT is what a batch can decide by. */
export function insertCharges(charges: readonly Charge[], maxParameters: number): Statement[] {
  const statements: Statement[] = [];
  for (let from = 0; from < charges.length;) {
    let rows = mostRows;
    while (rows > charges.length - from || (rows > 1 && rows * columnCount > maxParameters)) rows /= 2;
    statements.push({ sql: insertOf(rows), parameters: charges.slice(from, from + rows).flatMap(valuesOf) });
    from += rows;
  }
  return statements;
}

/** An account's budget of a day. */
export interface Budgeted {
  readonly accountId: string;
  readonly day: Day;
}

const addToBudget = `INSERT INTO budgets (account_id, day, booked) VALUES (?, ?, ?)
  ON CONFLICT (account_id, day) DO UPDATE SET booked = budgets.booked + excluded.booked RETURNING account_id, day, booked`;

/** One UPSERT per account and day, ordered: two nodes that lock several budgets take them in the same order. */
export function addToBudgets(charges: readonly Charge[]): Statement[] {
  const sums = new Map<string, Budgeted & { microneurons: number }>();
  for (const { accountId, day, microneurons } of charges) {
    const key = `${accountId} ${day}`;
    sums.set(key, { accountId, day, microneurons: (sums.get(key)?.microneurons ?? 0) + microneurons });
  }
  return [...sums.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { accountId, day, microneurons }]) => ({ sql: addToBudget, parameters: [accountId, day, microneurons] }));
}

/** What a budget stands at after a batch, as the batch itself said. */
export type Booked = Budgeted & { readonly booked: number };

export function bookedIn(results: readonly Result[]): Booked[] {
  return results.flatMap(({ rows }) =>
    rows.map((row) => ({ accountId: textIn(row, "account_id"), day: textIn(row, "day"), booked: numberIn(row, "booked") })),
  );
}

const readBudget = `SELECT booked FROM budgets WHERE account_id = ? AND day = ?`;

export async function readBooked(database: Database, { accountId, day }: Budgeted): Promise<BudgetState["booked"]> {
  const { rows } = await database.query(readBudget, [accountId, day]);
  return numberIn(rows[0], "booked");
}

const findCall = `SELECT 1 AS found FROM charges WHERE call_id = ?`;

/** Which of these calls are on the ledger. Only asked after a failure. */
export async function bookedCalls(database: Database, callIds: readonly string[]): Promise<ReadonlySet<string>> {
  const results = await database.batch(callIds.map((callId) => ({ sql: findCall, parameters: [callId] })));
  return new Set(callIds.filter((_, index) => (results[index]?.rows.length ?? 0) > 0));
}

const readUsage = `SELECT model, COUNT(*) AS requests, CAST(SUM(microneurons) AS BIGINT) AS total
  FROM charges WHERE account_id = ? AND day = ? GROUP BY model ORDER BY total DESC, model`;

export async function readModelUsage(database: Database, { accountId, day }: Budgeted): Promise<ModelUsage[]> {
  const { rows } = await database.query(readUsage, [accountId, day]);
  return rows.map((row) => ({ model: textIn(row, "model"), requests: numberIn(row, "requests"), microneurons: numberIn(row, "total") }));
}
