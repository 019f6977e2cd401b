import type { Caller, Input, TaskId } from "../core/index.ts";

/** What a dialect asks for. */
export interface Ask<T extends TaskId = TaskId> {
  /** Unique; it becomes the key of the ledger row. */
  readonly id: string;
  readonly caller: Caller;
  readonly task: T;
  /** A name or an alias. */
  readonly model: string;
  /** Parsed by a schema of the task: nothing behind the gateway checks it again. */
  readonly input: Input<T>;
  readonly affinity?: string | undefined;
  readonly signal: AbortSignal;
}
