import { describe, expect, it } from "vitest";
import type { Pixels } from "./pixels.ts";
import { type Filter, scaled } from "./scale.ts";

const grey = (width: number, values: readonly number[]): Pixels => ({
  width,
  height: values.length / width,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});
const valuesOf = ({ data }: Pixels) => [...data].filter((_, i) => i % 3 === 0);

// What Pillow 9.4 makes: Image.fromarray(numpy.array([[0, 100, 250, 30, 60, 90]], "uint8")).resize((w, 1), filter).
const row = grey(6, [0, 100, 250, 30, 60, 90]);
const made: readonly [Filter, number, readonly number[]][] = [
  ["nearest", 3, [100, 30, 90]],
  ["nearest", 4, [0, 250, 30, 90]],
  ["nearest", 8, [0, 100, 100, 250, 30, 60, 60, 90]],
  ["bilinear", 3, [79, 125, 69]],
  ["bilinear", 4, [38, 176, 64, 79]],
  ["bilinear", 9, [0, 50, 125, 225, 140, 35, 55, 75, 90]],
  ["bicubic", 3, [75, 133, 63]],
  ["bicubic", 4, [29, 192, 55, 79]],
  ["bicubic", 9, [0, 38, 126, 246, 148, 21, 52, 78, 92]],
  ["lanczos", 3, [80, 137, 54]],
  ["lanczos", 4, [24, 197, 56, 77]],
  ["lanczos", 9, [0, 25, 140, 254, 152, 11, 43, 84, 92]],
];

describe("a scaled picture", () => {
  it.each(made)("is what Pillow makes of it: %s to %i pixels", (filter, width, expected) => {
    valuesOf(scaled(row, width, 1, filter)).forEach((value, i) => expect(Math.abs(value - (expected[i] ?? -9))).toBeLessThanOrEqual(1));
  });

  it("is scaled alike along both sides", () => {
    const wide = scaled(row, 4, 1, "bicubic");
    const high = scaled({ width: 1, height: 6, data: row.data }, 1, 4, "bicubic");
    expect(valuesOf(high)).toEqual(valuesOf(wide));
    expect([high.width, high.height]).toEqual([1, 4]);
  });

  it("is the same in part as in the whole", () => {
    const noisy = { width: 17, height: 11, data: Uint8Array.from({ length: 17 * 11 * 3 }, (_, i) => (i * 7919) % 256) };
    for (const filter of ["nearest", "bilinear", "bicubic", "lanczos"] as const) {
      for (const [width, height] of [
        [8, 6],
        [40, 9],
        [17, 11],
      ] as const) {
        const [whole, part] = [
          scaled(noisy, width, height, filter),
          scaled(noisy, width, height, filter, { left: 2, top: 1, width: 4, height: 3 }),
        ];
        expect([part.width, part.height]).toEqual([4, 3]);
        for (let y = 0; y < 3; y++) {
          const from = ((y + 1) * width + 2) * 3;
          expect([...part.data.subarray(y * 12, y * 12 + 12)]).toEqual([...whole.data.subarray(from, from + 12)]);
        }
      }
    }
  });

  it("stays as it is at its own size", () => {
    expect(scaled(row, 6, 1, "lanczos")).toBe(row);
  });

  it("of one colour keeps it", () => {
    for (const filter of ["nearest", "bilinear", "bicubic", "lanczos"] as const) {
      for (const size of [1, 3, 7, 50]) {
        const plain = scaled(
          grey(
            5,
            Array.from({ length: 25 }, () => 77),
          ),
          size,
          size,
          filter,
        );
        expect(new Set(plain.data)).toEqual(new Set([77]));
      }
    }
  });
});
