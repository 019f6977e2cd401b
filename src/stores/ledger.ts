import { Problem, type Charge, type Ledger, type Reservation } from "../core/index.ts";
import { addToBudgets, bookedCalls, bookedIn, insertCharges, readModelUsage } from "./charges.ts";
import type { Database, Statement } from "./database.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { Hold, Reservations } from "./reservations.ts";

export interface LedgerOptions {
  /** Migrated. */
  readonly database: Database;
  readonly reservations: Reservations;
}

/** A call that is over, on its way to the database. */
interface Booking {
  readonly charge: Charge;
  readonly freeing: readonly Statement[];
  readonly hold: Hold;
}

/** The ledger in a database: charges and budgets change together in one batch, reservations are the strategy's matter. */
export function createLedger({ database, reservations }: LedgerOptions): Ledger {
  const commit = createGroupCommit<Booking>(async (bookings) => {
    try {
      await write(bookings);
    } catch (thrown) {
      await retry(bookings, thrown);
    }
  });

  async function write(bookings: readonly Booking[], charges: readonly Charge[] = uniqueCharges(bookings)): Promise<void> {
    const results = await database.batch([
      ...insertCharges(charges, database.maxParameters),
      ...addToBudgets(charges),
      ...bookings.flatMap(({ freeing }) => freeing),
    ]);
    reservations.booked(bookedIn(results));
    for (const { hold } of bookings) hold.freed();
  }

  /**
   * After a failure the ledger itself says what is true. Calls that it has were booked before, or the connection broke after the commit
   * and before the answer: they are done. If there was one, it may have been what failed, and the others get a second try.
   */
  async function retry(bookings: readonly Booking[], thrown: unknown): Promise<void> {
    const charges = uniqueCharges(bookings);
    const there = await bookedCalls(
      database,
      charges.map(({ callId }) => callId),
    ).catch(() => new Set<string>());
    if (there.size === 0) throw storeFailed(thrown);
    try {
      await write(
        bookings,
        charges.filter(({ callId }) => !there.has(callId)),
      );
    } catch (again) {
      throw storeFailed(again);
    }
  }

  function reservationOf(hold: Hold): Reservation {
    let booking: Promise<void> | undefined;
    let freed = false;
    return {
      resize: (microneurons) => hold.resize(microneurons),
      async book(charge) {
        checkAmount(charge);
        const freeing = freed ? [] : hold.settle(charge.microneurons);
        booking = commit({ charge, freeing, hold }).then(() => {
          freed = true;
        });
        await booking;
      },
      async release() {
        await booking?.catch(() => {}); // who booked was told; what is held in spite of it is freed here
        if (freed) return;
        freed = true;
        await hold.release();
      },
    };
  }

  return {
    async reserve(request) {
      const admission = await reservations.admit(request);
      return admission.admitted ? { admitted: true, reservation: reservationOf(admission.hold) } : admission;
    },
    budget: (accountId, day) => reservations.budget(accountId, day),
    usage: (accountId, day) => readModelUsage(database, { accountId, day }),
  };
}

function uniqueCharges(bookings: readonly Booking[]): Charge[] {
  return [...new Map(bookings.map(({ charge }) => [charge.callId, charge])).values()];
}

/** One amount that a database cannot hold would fail everybody's commit. */
function checkAmount({ microneurons, callId }: Charge): void {
  if (Number.isSafeInteger(microneurons) && microneurons >= 0) return;
  throw new Problem("store-failed", `call ${callId} cannot be booked: its cost is not a whole number of micro-neurons`);
}

function storeFailed(thrown: unknown): Problem {
  return thrown instanceof Problem && thrown.code === "store-failed"
    ? thrown
    : new Problem("store-failed", "the ledger could not be written; the server's log says why", { cause: thrown });
}
