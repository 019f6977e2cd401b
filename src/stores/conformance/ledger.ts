import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createLedger, migrate, type Database, type Reservations } from "../index.ts";
import { histories, live } from "./history.ts";
import { describePromises, type Exceptions, type Promises } from "./promises.ts";
import {
  admitted,
  at,
  book,
  budgetOf,
  chargeOf,
  day,
  longest,
  newName,
  requestOf,
  reserve,
  rowsOf,
  type Process,
  type World,
} from "./world.ts";

export interface LedgerUnderTest {
  /** A new, empty database. */
  readonly create: () => Promise<Database>;
  /** What one process would make for itself. */
  readonly reservations: (options: { readonly database: Database; readonly now: () => number }) => Reservations;
  /** How many processes may share the database. */
  readonly processes: number;
  /** Random histories to live through: fewer where the database is slow. */
  readonly histories?: number;
  readonly except?: Exceptions;
}

const ledgerPromises: Promises<World> = {
  "admits what fits to the last micro-neuron and nothing more": async (world) => {
    await book(world, 50);
    await reserve(world, 20);
    await reserve(world, 30);
    expect(await budgetOf(world)).toEqual({ booked: 50, reserved: 50 });
    expect(await world.first.ledger.reserve(requestOf(world, 1))).toEqual({ admitted: false, because: "budget", microneuronsLeft: 0 });
    expect(await world.first.ledger.reserve(requestOf(world, 0))).toMatchObject({ admitted: true });
  },
  "says how much is left when it refuses": async (world) => {
    await book(world, 50);
    await reserve(world, 20);
    expect(await world.first.ledger.reserve(requestOf(world, 31))).toEqual({ admitted: false, because: "budget", microneuronsLeft: 30 });
    expect(await world.first.ledger.reserve(requestOf(world, 1, { limit: 10 }))).toMatchObject({ microneuronsLeft: 0 });
  },
  "admits no more than the limit when many ask at once": async (world) => {
    const ask = (_: unknown, i: number) =>
      (world.processes[i % world.processes.length] ?? world.first).ledger.reserve(requestOf(world, 10));
    const answers = await Promise.all(Array.from({ length: 40 }, ask));
    expect(answers.filter((answer) => answer.admitted)).toHaveLength(100 / 10);
    expect(await budgetOf(world)).toEqual({ booked: 0, reserved: 100 });
  },
  "admits everything without a limit, and counts it all the same": async (world) => {
    await reserve(world, 2 ** 50, { limit: undefined });
    expect(await budgetOf(world)).toEqual({ booked: 0, reserved: 2 ** 50 });
  },
  "keeps the old bound when a better one does not fit": async (world) => {
    await reserve(world, 60);
    const reservation = await reserve(world, 10);
    expect(await reservation.resize(41)).toBe(false);
    expect(await budgetOf(world)).toEqual({ booked: 0, reserved: 70 });
    expect(await reservation.resize(40)).toBe(true);
    expect(await budgetOf(world)).toEqual({ booked: 0, reserved: 100 });
  },
  "makes room when a bound shrinks": async (world) => {
    const reservation = await reserve(world, 100);
    expect(await reservation.resize(30)).toBe(true);
    await reserve(world, 70);
  },
  "lets a bound shrink where the limit is passed already": async (world) => {
    const reservation = await reserve(world, 80);
    await book(world, 90);
    expect(await reservation.resize(50)).toBe(true);
    expect(await budgetOf(world)).toEqual({ booked: 90, reserved: 50 });
  },
  "frees what is released, once": async (world) => {
    const reservation = await reserve(world, 60);
    await reserve(world, 30);
    await Promise.all([reservation.release(), reservation.release()]);
    await reservation.release();
    expect(await budgetOf(world)).toEqual({ booked: 0, reserved: 30 });
  },
  "books what was used and frees the rest": async (world) => {
    const reservation = await reserve(world, 60);
    await reservation.book(chargeOf(world, 20));
    await reservation.release();
    expect(await budgetOf(world)).toEqual({ booked: 20, reserved: 0 });
    await reserve(world, 80);
  },
  "books a call that cost more than it held": async (world) => {
    const reservation = await reserve(world, 60);
    await reservation.book(chargeOf(world, 150));
    expect(await budgetOf(world)).toEqual({ booked: 150, reserved: 0 });
    expect(await world.first.ledger.reserve(requestOf(world, 1))).toMatchObject({ admitted: false, microneuronsLeft: 0 });
  },
  "books a call that comes late, after its release": async (world) => {
    const reservation = await reserve(world, 60);
    await reservation.release();
    await reservation.book(chargeOf(world, 20));
    expect(await budgetOf(world)).toEqual({ booked: 20, reserved: 0 });
  },
  "books a call once, however often it is told to": async (world) => {
    const charge = chargeOf(world, 20);
    const reservation = await reserve(world, 20);
    await Promise.all([reservation.book(charge), reservation.book(charge)]);
    await reservation.book(charge);
    for (const { ledger } of world.processes) {
      const other = admitted(await ledger.reserve(requestOf(world, 20)));
      await Promise.all([other.book(charge), book(world, 1)]);
    }
    expect(await budgetOf(world)).toEqual({ booked: 20 + world.processes.length * 1, reserved: 0 });
    expect(await rowsOf(world)).toHaveLength(1 + world.processes.length);
  },
  "books hundreds that come at once": async (world) => {
    const amounts = Array.from({ length: 300 }, (_, i) => i);
    await Promise.all(amounts.map((amount) => book(world, amount)));
    expect(await budgetOf(world)).toEqual({ booked: (299 * 300) / 2, reserved: 0 });
    expect((await rowsOf(world)).map(({ microneurons }) => Number(microneurons)).toSorted((a, b) => a - b)).toEqual(amounts);
  },
  "keeps amounts exact up to 2^53": async (world) => {
    await book(world, 2 ** 53 - 4);
    await book(world, 3);
    expect(await budgetOf(world)).toEqual({ booked: 2 ** 53 - 1, reserved: 0 });
    expect(await world.first.ledger.usage(world.accountId, day)).toMatchObject([{ microneurons: 2 ** 53 - 1 }]);
  },
  "keeps all that is known about a call": async (world) => {
    const charge = chargeOf(world, 7, { servedBy: "@ganglion/tiny-chat", usage: { "audio-second": 7.5 }, outcome: "left" });
    await book(world, 7, charge);
    expect(await rowsOf(world)).toEqual([
      {
        call_id: charge.callId,
        account_id: world.accountId,
        token_id: "token",
        model: "@cf/meta/llama-3-8b-instruct",
        served_by: "@ganglion/tiny-chat",
        task: "text-generation",
        quantities: '{"audio-second":7.5}',
        microneurons: 7,
        day: "2026-08-28",
        at,
        outcome: "left",
      },
    ]);
  },
  "refuses to book what is no whole number": async (world) => {
    const reservation = await reserve(world, 10);
    for (const amount of [Number.NaN, 0.5, -1, 2 ** 53]) {
      await expect(reservation.book(chargeOf(world, amount))).rejects.toMatchObject({ code: "store-failed" });
    }
    await reservation.release();
    expect(await budgetOf(world)).toEqual({ booked: 0, reserved: 0 });
  },
  "counts the requests of a minute by account and key": async (world) => {
    const rate = { key: "text-generation", perMinute: 2 };
    await reserve(world, 1, { rate });
    await reserve(world, 1, { rate });
    const refused = await world.first.ledger.reserve(requestOf(world, 1, { rate, at: at + 12_000 }));
    expect(refused).toEqual({ admitted: false, because: "rate", retryAfterSeconds: 48 });
    await reserve(world, 1, { rate: { ...rate, key: "text-embeddings" } });
    await reserve(world, 1, { rate, accountId: `${world.accountId}-other` });
    await reserve(world, 1, { rate, at: at + 60_000 });
    await reserve(world, 1, { rate, at: at + 60_000 });
    expect(await world.first.ledger.reserve(requestOf(world, 1, { rate, at: at + 60_000 }))).toMatchObject({ because: "rate" });
  },
  "admits no more than the rate when many ask at once": async (world) => {
    const request = requestOf(world, 0, { rate: { key: "text-generation", perMinute: 7 } });
    const ask = (_: unknown, i: number) => (world.processes[i % world.processes.length] ?? world.first).ledger.reserve(request);
    const answers = await Promise.all(Array.from({ length: 40 }, ask));
    expect(answers.filter((answer) => answer.admitted)).toHaveLength(7);
  },
  "reserves nothing for a request that the rate refuses, and counts none that the budget refuses": async (world) => {
    const rate = { key: "text-generation", perMinute: 1 };
    expect(await world.first.ledger.reserve(requestOf(world, 101, { rate }))).toMatchObject({ because: "budget" });
    await reserve(world, 10, { rate });
    expect(await world.first.ledger.reserve(requestOf(world, 10, { rate }))).toMatchObject({ because: "rate" });
    expect(await budgetOf(world)).toEqual({ booked: 0, reserved: 10 });
  },
  "names the budget when budget and rate are both exhausted": async (world) => {
    const rate = { key: "text-generation", perMinute: 1 };
    await reserve(world, 100, { rate });
    expect(await world.first.ledger.reserve(requestOf(world, 1, { rate }))).toMatchObject({ because: "budget" });
  },
  "keeps days and accounts apart": async (world) => {
    await reserve(world, 100);
    const other = `${world.accountId}-other`;
    await reserve(world, 100, { accountId: other });
    const tomorrow = await reserve(world, 100, { day: "2026-08-29" });
    await tomorrow.book(chargeOf(world, 40, { day: "2026-08-29" }));
    const yesterday = await reserve(world, 100, { day: "2026-08-27" });
    expect(await world.first.ledger.budget(world.accountId, "2026-08-29")).toEqual({ booked: 40, reserved: 0 });
    expect(await world.first.ledger.budget(world.accountId, "2026-08-27")).toEqual({ booked: 0, reserved: 100 });
    await yesterday.release();
    expect(await world.first.ledger.budget(world.accountId, "2026-08-27")).toEqual({ booked: 0, reserved: 0 });
    expect(await budgetOf(world)).toEqual({ booked: 0, reserved: 100 });
    expect(await world.first.ledger.budget(other, day)).toEqual({ booked: 0, reserved: 100 });
    expect(await world.first.ledger.budget("nobody", day)).toEqual({ booked: 0, reserved: 0 });
  },
  "tells the usage of a day by model, most expensive first": async (world) => {
    await book(world, 5, { model: "@cf/b" });
    await book(world, 6, { model: "@cf/b" });
    await book(world, 30, { model: "@cf/c" });
    await book(world, 0, { model: "@cf/a" });
    await book(world, 9, { model: "@cf/d", day: "2026-08-27" });
    expect(await world.first.ledger.usage(world.accountId, day)).toEqual([
      { model: "@cf/c", requests: 1, microneurons: 30 },
      { model: "@cf/b", requests: 2, microneurons: 11 },
      { model: "@cf/a", requests: 1, microneurons: 0 },
    ]);
    expect(await world.first.ledger.usage("nobody", day)).toEqual([]);
  },
  "remembers what was booked when its process has died, and reserves nothing for the dead": async (world) => {
    await reserve(world, 40);
    await book(world, 30);
    for (const process of world.processes) process.crash();
    world.clock.at += longest;
    expect(await budgetOf(world)).toEqual({ booked: 30, reserved: 0 });
    expect(await world.first.ledger.reserve(requestOf(world, 71))).toMatchObject({ admitted: false, microneuronsLeft: 70 });
    await reserve(world, 70);
  },
};

/** What the ledger promises, over a database and a way to reserve. */
export function describeLedger(
  name: string,
  { create, reservations, processes, histories: runs = 40, except = {} }: LedgerUnderTest,
): void {
  describe(`the ledger on ${name}`, () => {
    let database: Database;
    beforeAll(async () => {
      database = await create();
      await migrate(database);
    });
    afterAll(() => database.close());

    const worlds: Process[] = [];
    const clock = { at };

    function start() {
      const ours = reservations({ database, now: () => clock.at });
      return { ours, ledger: createLedger({ database, reservations: ours }) };
    }

    function createProcess(): Process {
      let { ours, ledger } = start();
      return {
        get ledger() {
          return ledger;
        },
        crash() {
          ours.close();
          ({ ours, ledger } = start());
        },
      };
    }

    function createWorld(): World {
      clock.at = at;
      const all = Array.from({ length: processes }, createProcess);
      const [first] = all;
      if (!first) throw new Error("a ledger under test needs a process");
      worlds.push(...all);
      return {
        database,
        first,
        processes: all,
        accountId: newName("account"),
        clock,
      };
    }

    describePromises(ledgerPromises, except, createWorld);

    it("never passes a limit, and loses and doubles nothing, in any order of events", async () => {
      await fc.assert(
        fc.asyncProperty(histories, (history) => live(createWorld(), history)),
        { numRuns: runs },
      );
    });

    afterEach(() => {
      for (const process of worlds.splice(0)) process.crash();
    });
  });
}
