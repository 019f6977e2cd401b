import type { Day } from "../core/index.ts";
import { readBooked, type Booked } from "./charges.ts";
import type { Database } from "./database.ts";
import { minuteOf, refusalOf, type Hold, type Reservations } from "./reservations.ts";

/** A budget as this process knows it. */
interface Known {
  readonly key: string;
  readonly day: Day;
  booked: number;
  reserved: number;
}

/**
 * Reservations in memory, for a database that one process owns: they die with it, so a crash leaves nothing reserved.
 * Only the first admission of an account and day reads the database; from there on nothing can happen between looking and taking.
 */
export function createMemoryReservations({ database }: { readonly database: Database }): Reservations {
  const budgets = new Map<string, Known>();
  const reading = new Map<string, Promise<unknown>>();
  const rates = createRates();
  let newestDay: Day = "";

  function read(accountId: string, day: Day): Promise<unknown> {
    const key = keyOf(accountId, day);
    const before = reading.get(key);
    if (before) return before;
    const promise = readBooked(database, { accountId, day })
      .then((booked) => hear({ accountId, day, booked }))
      .finally(() => reading.delete(key));
    reading.set(key, promise);
    return promise;
  }

  /** A budget only grows, so of two things heard about it the larger one is the newer one, in whatever order they come. */
  function hear({ accountId, day, booked }: Booked): void {
    const key = keyOf(accountId, day);
    const known = budgets.get(key);
    if (known) known.booked = Math.max(known.booked, booked);
    else budgets.set(key, { key, day, booked, reserved: 0 });
    if (day > newestDay) {
      newestDay = day;
      for (const old of budgets.values()) forgetIfOver(old);
    }
  }

  /** With the first call of a new day the old ones are forgotten, but for those with calls under way. */
  function forgetIfOver(known: Known): void {
    if (known.day < newestDay && known.reserved === 0 && budgets.get(known.key) === known) budgets.delete(known.key);
  }

  function holdOf(known: Known, limit: number | undefined, first: number): Hold {
    let held = first;
    const hold = (microneurons: number) => {
      known.reserved += microneurons - held;
      held = microneurons;
    };
    const free = () => {
      hold(0);
      forgetIfOver(known);
    };
    return {
      async resize(microneurons) {
        const fits = microneurons <= held || limit === undefined || known.booked + known.reserved - held + microneurons <= limit;
        if (fits) hold(microneurons);
        return fits;
      },
      settle(microneurons) {
        hold(Math.max(held, microneurons));
        return [];
      },
      freed: free,
      async release() {
        free();
      },
    };
  }

  return {
    async admit(request) {
      const { accountId, day, microneurons, limit, rate, at } = request;
      let known = budgets.get(keyOf(accountId, day));
      while (known === undefined) {
        await read(accountId, day);
        known = budgets.get(keyOf(accountId, day));
      }
      const counter = rate && rates.counterOf(keyOf(accountId, rate.key), at);
      const refusal = refusalOf(request, { microneurons: known.booked + known.reserved, requests: counter?.requests ?? 0 });
      if (refusal) return refusal;
      known.reserved += microneurons;
      if (counter) counter.requests++;
      return { admitted: true, hold: holdOf(known, limit, microneurons) };
    },
    async budget(accountId, day) {
      const { booked, reserved } = budgets.get(keyOf(accountId, day)) ?? {
        booked: await readBooked(database, { accountId, day }),
        reserved: 0,
      };
      return { booked, reserved };
    },
    booked(commits) {
      for (const budget of commits) hear(budget);
    },
    close() {},
  };
}

function keyOf(accountId: string, of: string): string {
  return `${accountId} ${of}`;
}

/** Requests of the minute that is now. With a new minute all counters begin anew. */
function createRates() {
  const counters = new Map<string, { requests: number }>();
  let minute = 0;
  return {
    counterOf(key: string, at: number): { requests: number } {
      if (minuteOf(at) > minute) {
        minute = minuteOf(at);
        counters.clear();
      }
      const counter = counters.get(key) ?? { requests: 0 };
      counters.set(key, counter);
      return counter;
    },
  };
}
