import { Problem, type Call } from "../../core/index.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Vectors } from "./session.ts";

/** The output that holds a classifier's numbers before they are scores. */
export function logitsSource({ model }: Call, { outputs }: LoadedModel): string {
  const chosen = outputs.find((name) => name === "logits") ?? (outputs.length === 1 ? outputs[0] : undefined);
  if (chosen !== undefined) return chosen;
  throw new Problem(
    "engine-failed",
    `${model.name} gives no scores: its graph has the outputs ${outputs.join(", ")}, and none is named logits`,
  );
}

/** @throws Problem engine-failed for numbers that are none */
export function logitsOf(result: Vectors | undefined, model: string): number[] {
  const logits = Array.from(result?.data ?? []);
  if (logits.length > 0 && logits.every(Number.isFinite)) return logits;
  throw new Problem("engine-failed", `${model} made numbers that are none; its file may be damaged`);
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

export function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** So much below the largest, a number adds nothing to a sum of powers that a 32-bit float would show, not even a hundred thousand times. */
const negligible = -25;

/** The logarithm of the sum of their powers: a logit less this is the logarithm of its share. -Infinity for none, or none above it. */
export function logOfSum(logits: Float32Array): number {
  let most = -Infinity;
  // By index: iterators take several times as long, and a vocabulary has a hundred thousand tokens.
  for (let token = 0; token < logits.length; token++) most = Math.max(most, logits[token] ?? 0);
  let sum = 0;
  for (let token = 0; token < logits.length; token++) {
    const below = (logits[token] ?? 0) - most;
    if (below > negligible) sum += Math.exp(below);
  }
  return most + Math.log(sum);
}
