import { createShares } from "../seeded.ts";

/** Makes normally distributed numbers, mean 0 and variance 1: the next so many of one endless row. */
export type Noise = (count: number) => Float32Array;

/**
 * The same seed gives the same numbers: each pair of shares u1, u2 of seeded.ts is one number, sqrt(-2 ln u1) cos(2 pi u2) (Box and
 * Muller, 1958), rounded to 32 bits.
 *
 * @param seed a safe integer
 */
export function createNoise(seed: number): Noise {
  const share = createShares(seed);
  return (count) =>
    Float32Array.from({ length: count }, () => {
      const distance = Math.sqrt(-2 * Math.log(share()));
      return distance * Math.cos(2 * Math.PI * share());
    });
}
