import { describe, expect, it } from "vitest";
import { floatsOf, halvesOf } from "./half.ts";

const half = (value: number) => halvesOf([value])[0];
const float = (bits: number) => floatsOf(Uint16Array.of(bits))[0];

describe("a half", () => {
  // Source: IEEE 754-2019, binary16.
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [1023 * 2 ** -24, 0x03ff],
    [1 / 3, 0x3555],
    [Infinity, 0x7c00],
    [-Infinity, 0xfc00],
  ])("of %d has its bits", (value, bits) => {
    expect(half(value)).toBe(bits);
    if (value !== 1 / 3) expect(float(bits)).toBe(value);
  });

  it("of any bits comes back as it was", () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => (bits & 0x7fff) <= 0x7c00);
    expect(halvesOf(floatsOf(all))).toEqual(all);
  });

  it("rounds to the nearest, and to even between two", () => {
    expect(half(1 + 2 ** -11)).toBe(0x3c00);
    expect(half(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
    expect(half(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(half(2 ** -25)).toBe(0);
    expect(half(65519)).toBe(0x7bff);
    expect(half(65520)).toBe(0x7c00);
  });

  it("of what is no number is none", () => {
    expect(float(half(Number.NaN) ?? 0)).toBeNaN();
  });
});
