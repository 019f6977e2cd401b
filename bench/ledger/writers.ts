import type { Charge, Ledger } from "../../src/core/index.ts";
import { createLedger, createMemoryReservations, migrate, newCallId } from "../../src/stores/index.ts";
import { openSqliteDatabase } from "../../src/stores/sqlite/index.ts";
import { servePeer } from "../peer.ts";
import { createRawInserts } from "./raw-inserts.ts";

export interface WritersOptions {
  /** Of a database that is not there yet. */
  readonly file: string;
  readonly kind: "ledger" | "raw";
}

export interface Bookings {
  readonly bookings: number;
  /** Calls that book at the same time; for the raw inserts, rows of each. */
  readonly atOnce: number;
}

export interface Written {
  readonly perSecond: number;
  /** Microseconds of all threads. */
  readonly cpuPerBooking: number;
}

const accountId = "0".repeat(32);
const day = "2026-11-24";

async function start({ file, kind }: WritersOptions) {
  const database = await openSqliteDatabase(file);
  await migrate(database);
  const writer =
    kind === "ledger" ? throughLedger(createLedger({ database, reservations: createMemoryReservations({ database }) })) : raw(file);
  return {
    async write({ bookings, atOnce }: Bookings): Promise<Written> {
      const charges = Array.from({ length: bookings }, newCharge);
      const cpu = process.cpuUsage();
      const began = performance.now();
      await writer(charges, atOnce);
      const seconds = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      return { perSecond: bookings / seconds, cpuPerBooking: (user + system) / bookings };
    },
    async rows(): Promise<number> {
      const { rows } = await database.query("SELECT COUNT(*) AS count FROM charges");
      return Number(rows[0]?.["count"]);
    },
  };
}

type Write = (charges: readonly Charge[], atOnce: number) => Promise<void> | void;

/** What the gateway does for a call, without the call. */
function throughLedger(ledger: Ledger): Write {
  async function book(charge: Charge): Promise<void> {
    const reserved = await ledger.reserve({ accountId, day, microneurons: 500, limit: undefined, rate: undefined, at: charge.at });
    if (!reserved.admitted) throw new Error("there is no limit, and a call was refused");
    await reserved.reservation.resize(400);
    await reserved.reservation.book(charge);
    await reserved.reservation.release();
  }
  return async (charges, atOnce) => {
    const left = charges.values();
    const caller = async () => {
      for (const charge of left) await book(charge);
    };
    await Promise.all(Array.from({ length: atOnce }, caller));
  };
}

function raw(file: string): Write {
  const inserts = createRawInserts(file);
  return (charges, rows) => inserts.write(charges, rows);
}

function newCharge(): Charge {
  return {
    callId: newCallId(),
    accountId,
    tokenId: "1".repeat(32),
    model: "@cf/meta/llama-3.2-1b-instruct",
    servedBy: undefined,
    task: "text-generation",
    usage: { "input-token": 120, "output-token": 250 },
    microneurons: 300,
    day,
    at: Date.now(),
    outcome: "complete",
  };
}

export type WritersCommands = Awaited<ReturnType<typeof start>>;
servePeer(start);
