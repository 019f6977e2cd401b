import type { Call, Part, ProblemCode, ProblemDetails } from "../core/index.ts";

/** What crosses between a server and the process of an engine, by structured clone (`serialization: "advanced"`). */

/** A call without its signal, which becomes a `stop` message. */
export type PortableCall = Omit<Call, "signal">;

/** A Problem without its cause: what a library said is written to the child's stderr and stays with the operator. */
export interface PortableProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly details: ProblemDetails | undefined;
}

export type ToChild =
  | { readonly type: "start"; readonly settings: unknown }
  | { readonly type: "run"; readonly id: number; readonly call: PortableCall }
  /** The reader has taken so many parts: the child may send as many more. */
  | { readonly type: "credit"; readonly id: number; readonly parts: number }
  | { readonly type: "stop"; readonly id: number };

/** What happened to one call. `over` closes a call that ended without an `end` part. */
export type CallEvent =
  | { readonly id: number; readonly part: Part }
  | { readonly id: number; readonly problem: PortableProblem }
  | { readonly id: number; readonly over: true };

/** `turn`: everything that one turn of the child's event loop made, for all its calls. */
export type FromChild = { readonly type: "ready" } | { readonly type: "turn"; readonly events: readonly CallEvent[] };

/** Parts of one call that may be on their way before its reader has taken any. */
export const partsInFlight = 64;
