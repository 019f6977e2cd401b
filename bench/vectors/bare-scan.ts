import { servePeer } from "../peer.ts";
import type { Searched, SearchOptions } from "./our-index.ts";
import { createVectors } from "./random-vectors.ts";

/** The floor, and the truth: every vector in one array, a loop over all of it, and the nearest sorted out. */
function start({ count, dimensions, nearest }: SearchOptions) {
  const { vector, query } = createVectors(dimensions);
  const all = new Float32Array(count * dimensions);
  const lengths = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const values = vector(i);
    all.set(values, i * dimensions);
    lengths[i] = Math.hypot(...values);
  }

  function search(near: Float32Array): string[] {
    const scores = new Float32Array(count);
    for (let i = 0, at = 0; i < count; i++) {
      let sum = 0;
      for (let k = 0; k < dimensions; k++, at++) sum += (all[at] ?? 0) * (near[k] ?? 0);
      scores[i] = sum / (lengths[i] ?? 1);
    }
    const least = scores.toSorted().at(-nearest) ?? -Infinity;
    const found = Array.from(scores.keys()).filter((i) => (scores[i] ?? 0) >= least);
    return found
      .toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
      .slice(0, nearest)
      .map(String);
  }

  return {
    written: () => ({ seconds: 0, bytes: 0 }),
    search(queries: number): Searched {
      const found: string[][] = [];
      let seconds = 0;
      for (let i = 0; i < queries; i++) {
        const near = query(i);
        const began = performance.now();
        found.push(search(near));
        seconds += (performance.now() - began) / 1000;
      }
      return { seconds, found };
    },
  };
}

servePeer(start);
