import { randomInt } from "node:crypto";
import { Problem, type ImageToTextInput } from "../../../core/index.ts";
import { createShares } from "../seeded.ts";
import type { Bounds, Choosing, Search } from "../text-to-text/search.ts";

/** Chooses tokens by chance: the likelier the more often, and with a seed the same ones each time. */
export function createSampling(
  { ends, banned }: Choosing,
  { most }: Pick<Bounds, "most">,
  {
    temperature = 1,
    top_k: count = Infinity,
    top_p: mass = 1,
    seed = randomInt(2 ** 47),
  }: Pick<ImageToTextInput, "temperature" | "top_k" | "top_p" | "seed">,
): Search {
  const share = createShares(seed);
  const tokens: number[] = [];
  let made = 0;
  let ways: Search["ways"] = [];

  function choose([scores = new Float32Array()]: readonly Float32Array[]): void {
    for (const token of banned) scores[token] = -Infinity;
    const token = drawn(scores);
    made++;
    ways = [];
    if (ends.includes(token)) return;
    tokens.push(token);
    if (made < most) ways = [{ from: 0, token }];
  }

  /** Of the likeliest tokens that have the wanted mass together. */
  function drawn(scores: Float32Array): number {
    const highest = scores.reduce((high, score) => Math.max(high, score), -Infinity);
    if (!Number.isFinite(highest)) throw new Problem("engine-failed", "the model made numbers that are none; its file may be damaged");
    const weighed = Array.from(scores, (score, token) => ({ token, weight: Math.exp((score - highest) / temperature) }))
      .toSorted((a, b) => b.weight - a.weight || a.token - b.token)
      .slice(0, count);
    const all = weighed.reduce((sum, { weight }) => sum + weight, 0);
    let kept = 0;
    const nucleus = weighed.filter(({ weight }) => {
      const wanted = kept < mass * all;
      if (wanted) kept += weight;
      return wanted;
    });
    let left = share() * kept;
    return (nucleus.find(({ weight }) => (left -= weight) < 0) ?? nucleus.at(-1))?.token ?? 0;
  }

  return {
    choose,
    get ways() {
      return ways;
    },
    get best() {
      return { tokens: [...tokens], made };
    },
  };
}
