import type { ModelCard } from "./model-card.ts";
import type { Delta, Input, Output, TaskId } from "./task/index.ts";
import type { Usage } from "./usage.ts";

/**
 * Runs models: the one seam between what clients speak and what hardware or a remote API does.
 * What an engine may assume and must promise is checked by engines/conformance.ts.
 */
export interface Engine {
  readonly name: string;

  /**
   * Runs one call and yields its parts in order: `begin` first, `end` last.
   *
   * @throws Problem, and nothing else. Stopping early (`signal`, or leaving the loop)
   *   frees the slot at once and is not a Problem.
   */
  run<T extends TaskId>(call: Call<T>): AsyncIterable<Part<T>>;

  /** Frees memory, sockets and child processes. May be called twice. */
  close(): Promise<void>;
}

export interface Call<T extends TaskId = TaskId> {
  readonly id: string;
  readonly task: T;
  readonly model: ModelCard;
  /** Already valid: engines never check again. */
  readonly input: Input<T>;
  /** Unix milliseconds; past it the engine stops with `timed-out`. */
  readonly deadline: number;
  /** What is kept in memory between calls (prompt prefixes) is shared only among calls with the same account. */
  readonly account: string;
  /** Calls that share it like to run where the last one ran. */
  readonly affinity: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Every part carries the usage so far, so a stream left halfway is still booked.
 * `begin` comes when the input is read and measured and nothing is computed yet: the gateway may still stop the call for free. Its
 * usage has the units that are measured then, and none that are still to come: for those the bound of the task holds.
 */
export type Part<T extends TaskId = TaskId> =
  | { readonly type: "begin"; readonly usage: Usage }
  | { readonly type: "delta"; readonly usage: Usage; readonly delta: Delta<T> }
  | { readonly type: "end"; readonly usage: Usage; readonly output: Output<T> };
