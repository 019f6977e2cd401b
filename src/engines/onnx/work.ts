import type { Call, ModelCard, Part, TaskId } from "../../core/index.ts";
import type { Limits, OnnxOptions } from "./options.ts";

/** A model in memory, ready to run. */
export interface Loaded {
  /** Of its files. */
  readonly bytes: number;
  release(): Promise<void>;
}

/** How the calls of one task are answered. A task is a line in the table of onnx.ts. */
export interface Work<T extends TaskId = TaskId, M extends Loaded = Loaded> {
  readonly loader: Loader<M>;
  /**
   * @param signal aborted when the caller leaves, and at the deadline: what it throws then needs no words of its own
   * @throws Problem, or what a library throws, which becomes one
   */
  run(call: Call<T>, model: M, signal: AbortSignal): AsyncIterable<Part<T>>;
}

/** How models of one make are brought into memory. Tasks with the same loader share a model of the same files. */
export interface Loader<M extends Loaded = Loaded> {
  readonly make: string;
  /** @throws Problem weights-missing or engine-failed, which name the file */
  load(card: ModelCard, options: LoadOptions): Promise<M>;
}

export type LoadOptions = Limits & Pick<OnnxOptions, "onBatch">;
