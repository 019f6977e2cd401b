import type { BudgetState, Day, Reserved, ReservationRequest } from "../core/index.ts";
import type { Booked } from "./charges.ts";
import type { Statement } from "./database.ts";

/**
 * Who holds what calls may still cost, and says no. There are two: memory-reservations.ts where one process owns the database,
 * row-reservations.ts where several share it.
 */
export interface Reservations {
  admit(request: ReservationRequest): Promise<Admission>;
  budget(accountId: string, day: Day): Promise<BudgetState>;
  /** Told what budgets stand at after a commit, in the same turn as the holds of its calls are freed. */
  booked(budgets: readonly Booked[]): void;
  /** Stops what keeps holds alive. What is held then dies as if this process had. */
  close(): void;
}

export type Refusal = Extract<Reserved, { admitted: false }>;
export type Admission = { readonly admitted: true; readonly hold: Hold } | Refusal;

/** What one admitted call holds. */
export interface Hold {
  /** False: it does not fit, and the old size stays. */
  resize(microneurons: number): Promise<boolean>;
  /**
   * The call is over and has cost this much, which may be more than was held. It is held until `freed`.
   * @returns statements that free it, to run in the batch that books the call, so that no moment sees neither of both
   */
  settle(microneurons: number): readonly Statement[];
  /** The batch is committed. */
  freed(): void;
  /** Frees it without a charge. */
  release(): Promise<void>;
}

/** The Unix minute of an instant. */
export function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}

/**
 * Why there was no room. Where both are exhausted it is the budget: waiting a minute would not help.
 * @param used what is booked and reserved, and the requests of this minute
 */
export function refusalOf(
  request: ReservationRequest,
  used: { readonly microneurons: number; readonly requests: number },
): Refusal | undefined {
  const { limit, microneurons, rate, at } = request;
  if (limit !== undefined && used.microneurons + microneurons > limit) {
    return { admitted: false, because: "budget", microneuronsLeft: Math.max(0, limit - used.microneurons) };
  }
  if (rate !== undefined && used.requests >= rate.perMinute) {
    return { admitted: false, because: "rate", retryAfterSeconds: Math.max(1, Math.ceil((60_000 - (at % 60_000)) / 1000)) };
  }
  return undefined;
}
