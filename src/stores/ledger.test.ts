import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem, type Reservation } from "../core/index.ts";
import { chargeOf, day, newName, requestOf, rowsOf } from "./conformance/world.ts";
import { createLedger, createMemoryReservations, migrate, type Database, type Statement } from "./index.ts";
import { openSqliteDatabase } from "./sqlite/index.ts";

let folder: string;
let sqlite: Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ganglion-"));
  sqlite = await openSqliteDatabase(join(folder, "ledger.sqlite"));
  await migrate(sqlite);
});
afterAll(async () => {
  await sqlite.close();
  rmSync(folder, { recursive: true });
});

const broken = () => new Problem("store-failed", "the connection broke");

type Weather = "fair" | "down" | "answers are lost";

/** The database behind a connection that breaks, and how often it was asked to read a budget. */
function setUp() {
  const state = { weather: "fair" as Weather, budgetsRead: 0 };
  const database: Database = {
    ...sqlite,
    async query(sql, parameters) {
      if (state.weather === "down") throw broken();
      if (sql.includes("FROM budgets")) state.budgetsRead++;
      return sqlite.query(sql, parameters);
    },
    async batch(statements: readonly Statement[]) {
      if (state.weather === "down") throw broken();
      const results = await sqlite.batch(statements);
      const writes = statements.some(({ sql }) => sql.startsWith("INSERT INTO charges"));
      if (state.weather === "answers are lost" && writes) throw broken();
      return results;
    },
  };
  const ledger = createLedger({ database, reservations: createMemoryReservations({ database }) });
  const world = { accountId: newName("account"), database: sqlite };
  async function reserve(microneurons: number, changes = {}): Promise<Reservation> {
    const reserved = await ledger.reserve({ ...requestOf(world, microneurons), ...changes });
    if (!reserved.admitted) throw new Error(`refused because of the ${reserved.because}`);
    return reserved.reservation;
  }
  const budget = () => ledger.budget(world.accountId, day);
  return { state, ledger, world, reserve, budget };
}

describe("a ledger whose database fails", () => {
  it("tells everybody who waits that nothing is booked, keeps what they hold, and books when it is told again", async () => {
    const { state, world, reserve, budget } = setUp();
    const reservations = await Promise.all([reserve(10), reserve(20)]);
    const charges = [chargeOf(world, 5), chargeOf(world, 6)] as const;
    state.weather = "down";
    for (const attempt of await Promise.allSettled(reservations.map((each, i) => each.book(charges[i] ?? charges[0])))) {
      expect(attempt).toMatchObject({ status: "rejected", reason: { code: "store-failed" } });
    }
    state.weather = "fair";
    expect(await budget()).toEqual({ booked: 0, reserved: 30 });
    await Promise.all(reservations.map((each, i) => each.book(charges[i] ?? charges[0])));
    expect(await budget()).toEqual({ booked: 11, reserved: 0 });
    expect(await rowsOf(world)).toHaveLength(2);
  });

  it("frees what is released after a booking that failed", async () => {
    const { state, world, reserve, budget } = setUp();
    const reservation = await reserve(10);
    state.weather = "down";
    const booking = reservation.book(chargeOf(world, 5));
    const release = reservation.release();
    await expect(booking).rejects.toMatchObject({ code: "store-failed" });
    await release;
    expect(await budget()).toEqual({ booked: 0, reserved: 0 });
  });

  it("finds on the ledger what was committed by a connection that broke before it said so", async () => {
    const { state, world, reserve, budget } = setUp();
    const reservations = await Promise.all([reserve(10), reserve(20)]);
    state.weather = "answers are lost";
    await Promise.all(reservations.map((each) => each.book(chargeOf(world, 5))));
    expect(await rowsOf(world)).toHaveLength(2);
    state.weather = "fair";
    await (await reserve(1)).book(chargeOf(world, 1));
    expect(await budget()).toEqual({ booked: 11, reserved: 0 });
  });
});

describe("reservations in memory", () => {
  it("read a budget once for an account and day", async () => {
    const { state, world, reserve } = setUp();
    const reservations = await Promise.all([reserve(10), reserve(20), reserve(30)]);
    for (const each of reservations) await each.book(chargeOf(world, 1));
    await reserve(40);
    expect(state.budgetsRead).toBe(1);
  });

  it("forget a day when the next one begins and its calls are over", async () => {
    const { state, world, reserve } = setUp();
    const over = await reserve(10);
    const running = await reserve(10, { day: "2026-08-27" });
    await over.release();
    await reserve(1, { day: "2026-08-29" });
    expect(state.budgetsRead).toBe(3);
    await reserve(1);
    expect(state.budgetsRead).toBe(4);
    await running.book(chargeOf(world, 10, { day: "2026-08-27" }));
    await reserve(1, { day: "2026-08-27" });
    expect(state.budgetsRead).toBe(5);
  });
});
