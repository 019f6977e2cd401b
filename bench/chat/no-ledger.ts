import type { Ledger, Reservation } from "../../src/core/index.ts";

/** Admits everything and remembers nothing: the same path without what the ledger costs. */
export function createNoLedger(): Ledger {
  const reservation: Reservation = { resize: async () => true, book: async () => {}, release: async () => {} };
  return {
    reserve: async () => ({ admitted: true, reservation }),
    budget: async () => ({ booked: 0, reserved: 0 }),
    usage: async () => [],
  };
}
