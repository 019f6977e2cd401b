import type { Call, Engine, Input, ModelCard, Output, Problem, TaskId, Usage } from "../../core/index.ts";
import { callOf } from "../conformance.ts";

export interface Answer<T extends TaskId> {
  readonly output: Output<T>;
  readonly usage: Usage;
}

/** The end of a call. @throws Problem as the engine does */
export async function ask<T extends TaskId>(
  engine: Engine,
  model: ModelCard,
  input: Input<T>,
  changes: Partial<Call<T>> = {},
): Promise<Answer<T>> {
  for await (const part of engine.run(callOf<T>(model, input, changes))) if (part.type === "end") return part;
  throw new Error("no end");
}

/** What the engine throws. */
export async function problemOf<T extends TaskId>(engine: Engine, model: ModelCard, input: Input<T>): Promise<Problem> {
  return ask(engine, model, input).then(
    () => Promise.reject(new Error("no problem")),
    (thrown: Problem) => thrown,
  );
}
