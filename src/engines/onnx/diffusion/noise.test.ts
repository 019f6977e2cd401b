import { describe, expect, it } from "vitest";
import { createNoise } from "./noise.ts";

/** The recipes of noise.ts and seeded.ts once more, in whole numbers of any length instead of 32-bit ones. */
function* byRecipe(seed: bigint): Generator<number> {
  const cut = (value: bigint) => BigInt.asUintN(32, value);
  const bits = BigInt.asUintN(64, seed);
  let [a, b, c, counter] = [cut(bits), bits >> 32n, 0x9e3779b9n, 1n];
  const word = () => {
    const sum = cut(a + b + counter);
    counter = cut(counter + 1n);
    a = b ^ (b >> 9n);
    b = cut(c + (c << 3n));
    c = cut((cut(c << 21n) | (c >> 11n)) + sum);
    return sum;
  };
  for (let i = 0; i < 12; i++) word();
  for (;;) {
    const [first, second] = [(Number(word()) + 0.5) / 4294967296, (Number(word()) + 0.5) / 4294967296];
    yield Math.fround(Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second));
  }
}

describe("noise", () => {
  it.each([0, 1, 42, -1, -7, 2 ** 32, 2 ** 40 + 5, -(2 ** 45), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    "of the seed %d is the one of the recipe",
    (seed) => {
      const expected = byRecipe(BigInt(seed));
      for (const value of createNoise(seed)(50)) expect(value).toBe(expected.next().value);
    },
  );

  it("goes on where it stopped", () => {
    const [whole, parts] = [createNoise(5), createNoise(5)];
    expect([...parts(3), ...parts(4)]).toEqual([...whole(7)]);
  });

  it("differs from seed to seed", () => {
    const firsts = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1].map((seed) => createNoise(seed)(1)[0]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it("has mean 0, variance 1, and as much beyond two deviations as the normal distribution", () => {
    const values = createNoise(3)(200_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(values.filter((value) => Math.abs(value) > 2).length / values.length).toBeCloseTo(0.0455, 2);
  });
});
