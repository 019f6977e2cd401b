import type { Input, ModelCard, TaskId } from "../../src/core/index.ts";

/** What a process of this suite is started with. */
export interface TaskOptions {
  readonly model: ModelCard;
  readonly inputs: readonly Input[];
  readonly threads: number;
}

/** What all inputs took, once. */
export interface Ran {
  readonly seconds: number;
  /** Of all processes and threads. */
  readonly cpuSeconds: number;
}

export function cardOf(task: TaskId, weights: ModelCard["weights"]): ModelCard {
  return {
    name: task,
    aliases: [],
    task,
    wireForm: "",
    description: "",
    contextTokens: undefined,
    price: [],
    weights,
    origin: "local",
    abilities: {},
    createdAt: 0,
  };
}
