import type { Call, ModelCard } from "../core/index.ts";

export function cardOf(name: string): ModelCard {
  return {
    name,
    aliases: [],
    task: "text-generation",
    wireForm: "generated-text",
    description: "",
    contextTokens: undefined,
    price: [],
    weights: [],
    origin: "local",
    abilities: {},
    createdAt: 0,
  };
}

export function callOf(prompt: string, changes: Partial<Call<"text-generation">> = {}): Call<"text-generation"> {
  return {
    id: "call",
    task: "text-generation",
    model: cardOf("trial-model"),
    input: { prompt },
    deadline: Date.now() + 60_000,
    account: "account",
    affinity: undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}
