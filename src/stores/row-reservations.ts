import type { BudgetState, ReservationRequest } from "../core/index.ts";
import { numberIn, type Database, type Result, type Statement } from "./database.ts";
import { minuteOf, refusalOf, type Hold, type Reservations } from "./reservations.ts";
import { randomId } from "./secrets.ts";

export interface RowReservationsOptions {
  /** Migrated. */
  readonly database: Database;
  /** Whose reservations these are, for who looks into the table. */
  readonly node?: string;
  /** Unix milliseconds. Clocks of nodes may differ by less than a third of `lifetime`. */
  readonly now?: () => number;
  /** Milliseconds that a reservation outlives its last renewal; it is renewed three times as often. */
  readonly lifetime?: number;
}

/*
 * Every batch that decides begins by touching the budget's row: PostgreSQL then holds its lock until the end of the batch, so that what
 * the later statements see cannot change; SQLite and D1 run one batch at a time anyway.
 */
const lockBudget = `INSERT INTO budgets (account_id, day, booked) VALUES (?, ?, 0)
  ON CONFLICT (account_id, day) DO UPDATE SET booked = budgets.booked`;

/** Of nodes that died. What is left are the living, so nothing else asks when a row expires. */
const sweep = `DELETE FROM reservations WHERE account_id = ? AND expires_at <= ?`;

const reservedNow = `(SELECT COALESCE(SUM(microneurons), 0) FROM reservations
  WHERE reservations.account_id = budgets.account_id AND reservations.day = budgets.day)`;

/** How many rows it inserts is the answer. A limit that is NULL is none. */
const insertIfItFits = `INSERT INTO reservations (id, node, account_id, day, microneurons, expires_at)
  SELECT CAST(? AS TEXT), CAST(? AS TEXT), account_id, day, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM budgets
  WHERE account_id = ? AND day = ?
    AND booked + ${reservedNow} + CAST(? AS BIGINT) <= COALESCE(CAST(? AS BIGINT), 9223372036854775807)`;

const insertIfItFitsAndRateAllows = `${insertIfItFits}
    AND NOT EXISTS (SELECT 1 FROM rates WHERE rates.account_id = budgets.account_id AND counted = ? AND minute >= ? AND requests >= ?)`;

/** Counts a request that was admitted, in its own minute or, where a node's clock is behind, in the newest. */
const countRequest = `INSERT INTO rates (account_id, counted, minute, requests)
  SELECT account_id, CAST(? AS TEXT), CAST(? AS BIGINT), 1 FROM reservations WHERE id = ?
  ON CONFLICT (account_id, counted) DO UPDATE SET
    requests = CASE WHEN rates.minute >= excluded.minute THEN rates.requests + 1 ELSE 1 END,
    minute = CASE WHEN rates.minute >= excluded.minute THEN rates.minute ELSE excluded.minute END`;

const readBudget = `SELECT booked, CAST(${reservedNow} AS BIGINT) AS reserved FROM budgets WHERE account_id = ? AND day = ?`;
const readRate = `SELECT requests FROM rates WHERE account_id = ? AND counted = ? AND minute >= ?`;

const resizeIfItFits = `UPDATE reservations SET microneurons = ? WHERE id = ? AND (microneurons >= ? OR
  (SELECT booked + ${reservedNow} FROM budgets WHERE budgets.account_id = ? AND budgets.day = ?) - microneurons + ?
    <= COALESCE(CAST(? AS BIGINT), 9223372036854775807))`;

const renew = `UPDATE reservations SET expires_at = ? WHERE id = ?`;
const remove = `DELETE FROM reservations WHERE id = ?`;

/**
 * Reservations as rows, for a database that several processes share: what is admitted anywhere counts everywhere. A call's row is renewed
 * while the call runs and swept by whoever comes next after its process died.
 */
export function createRowReservations(options: RowReservationsOptions): Reservations {
  const { database, node = randomId(), now = Date.now, lifetime = 60_000 } = options;
  const renewals = new Set<ReturnType<typeof setInterval>>();

  function admission(request: ReservationRequest, id: string): Statement[] {
    const { accountId, day, microneurons, limit, rate, at } = request;
    const fits = [id, node, microneurons, now() + lifetime, accountId, day, microneurons, limit ?? null];
    const before = [
      { sql: lockBudget, parameters: [accountId, day] },
      { sql: sweep, parameters: [accountId, now()] },
    ];
    const state = { sql: readBudget, parameters: [accountId, day] };
    if (!rate) return [...before, { sql: insertIfItFits, parameters: fits }, state];
    const minute = minuteOf(at);
    return [
      ...before,
      { sql: insertIfItFitsAndRateAllows, parameters: [...fits, rate.key, minute, rate.perMinute] },
      state,
      { sql: readRate, parameters: [accountId, rate.key, minute] },
      { sql: countRequest, parameters: [rate.key, minute, id] },
    ];
  }

  function holdOf(id: string, { accountId, day, limit }: ReservationRequest): Hold {
    // A renewal that fails is made up for by the next one.
    const renewal = setInterval(() => database.query(renew, [now() + lifetime, id]).catch(() => {}), lifetime / 3);
    renewals.add(renewal);
    const freed = () => {
      clearInterval(renewal);
      renewals.delete(renewal);
    };
    return {
      async resize(microneurons) {
        const results = await database.batch([
          { sql: lockBudget, parameters: [accountId, day] },
          { sql: resizeIfItFits, parameters: [microneurons, id, microneurons, accountId, day, microneurons, limit ?? null] },
        ]);
        return results[1]?.changes === 1;
      },
      settle: () => [{ sql: remove, parameters: [id] }],
      freed,
      async release() {
        freed();
        await database.query(remove, [id]);
      },
    };
  }

  return {
    async admit(request) {
      const id = randomId();
      const [, , inserted, budget, rate] = await database.batch(admission(request, id));
      if (inserted?.changes === 1) return { admitted: true, hold: holdOf(id, request) };
      const { booked, reserved } = budgetIn(budget);
      const refusal = refusalOf(request, { microneurons: booked + reserved, requests: numberIn(rate?.rows[0], "requests") });
      // Without a reason in sight another node has just counted the request of a newer minute.
      return refusal ?? { admitted: false, because: "rate", retryAfterSeconds: 1 };
    },
    async budget(accountId, day) {
      const [, budget] = await database.batch([
        { sql: sweep, parameters: [accountId, now()] },
        { sql: readBudget, parameters: [accountId, day] },
      ]);
      return budgetIn(budget);
    },
    booked() {},
    close() {
      for (const renewal of renewals) clearInterval(renewal);
      renewals.clear();
    },
  };
}

function budgetIn(result: Result | undefined): BudgetState {
  return { booked: numberIn(result?.rows[0], "booked"), reserved: numberIn(result?.rows[0], "reserved") };
}
