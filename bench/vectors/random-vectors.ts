import { createRandom } from "../random.ts";

/** The same vectors wherever they are made: some around each of a thousand themes, as texts have; queries are near themes. */
export function createVectors(dimensions: number) {
  const themes = 1000;
  const around = (seed: number, theme: number, spread: number) => {
    const centre = createRandom(theme + 1);
    const own = createRandom(seed);
    return Float32Array.from({ length: dimensions }, () => centre.number() - 0.5 + spread * (own.number() - 0.5));
  };
  return {
    vector: (i: number) => around(100_000 + i, i % themes, 1),
    query: (i: number) => around(10_000_000 + i, (i * 37) % themes, 0.8),
  };
}
