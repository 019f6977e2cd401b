import type { TaskId } from "./task/task-id.ts";
import type { Day } from "./price.ts";
import type { Usage } from "./usage.ts";

/** What one call has cost, as it is kept for ever: quantities and the day of the price, so that it can be priced again. */
export interface Charge {
  readonly callId: string;
  readonly accountId: string;
  readonly tokenId: string;
  /** The name that was asked for, after aliases. */
  readonly model: string;
  /** Whose answer it was, where that is another model: a stand-in. */
  readonly servedBy: string | undefined;
  readonly task: TaskId;
  readonly usage: Usage;
  readonly microneurons: number;
  /** The day of the price and of the budget. */
  readonly day: Day;
  /** Unix milliseconds. */
  readonly at: number;
  /** `complete`: answered to the end; `left`: the reader went away; `failed`: the engine stopped halfway. */
  readonly outcome: "complete" | "left" | "failed";
}

/** What a call may cost at most, asked for before it runs. */
export interface ReservationRequest {
  readonly accountId: string;
  readonly day: Day;
  readonly microneurons: number;
  /** micro-neurons that the account may use on this day; undefined: no limit. */
  readonly limit: number | undefined;
  /** Counted and limited together with the budget; `key` names what is counted, such as a task. */
  readonly rate: { readonly key: string; readonly perMinute: number } | undefined;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Held from admission until the call is booked or released. Admitted only if booked + reserved + bound <= limit. */
export interface Reservation {
  /** Replaces the bound by a better one; false: it does not fit, and the old bound stays. */
  resize(microneurons: number): Promise<boolean>;
  /** Books what was used, durably, and frees the rest. Nothing may be answered as complete before this resolves. */
  book(charge: Charge): Promise<void>;
  /** Frees it without a charge. Does nothing after `book` or a first `release`. */
  release(): Promise<void>;
}

export type Reserved =
  | { readonly admitted: true; readonly reservation: Reservation }
  | { readonly admitted: false; readonly because: "budget"; readonly microneuronsLeft: number }
  | { readonly admitted: false; readonly because: "rate"; readonly retryAfterSeconds: number };

export interface BudgetState {
  readonly booked: number;
  readonly reserved: number;
}

export interface ModelUsage {
  readonly model: string;
  readonly requests: number;
  readonly microneurons: number;
}

/** Reservations and charges in micro-neurons. Its promises are in stores/conformance.ts. */
export interface Ledger {
  reserve(request: ReservationRequest): Promise<Reserved>;
  budget(accountId: string, day: Day): Promise<BudgetState>;
  /** What an account used on a day, by model, most expensive first. */
  usage(accountId: string, day: Day): Promise<readonly ModelUsage[]>;
}
