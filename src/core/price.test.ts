import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf, microneuronsOf, neuronsText, nextDayAt, type Price, termsOn } from "./price.ts";
import type { Usage } from "./usage.ts";

const tokens: Price = [
  { units: ["input-token"], microneurons: 25_608_000_000, per: 1_000_000, from: "2025-02-20" },
  { units: ["output-token"], microneurons: 75_147_123_456, per: 1_000_000, from: "2025-02-20" },
];
const today = "2026-11-25";

describe("micro-neurons of a usage", () => {
  it("are the sum of the terms, each its price times its quantity", () => {
    expect(microneuronsOf(tokens, { "input-token": 12, "output-token": 40 }, today)).toBe(12 * 25_608 + Math.round(40 * 75_147.123456));
  });

  it("are a product where a term has two units: 4 tiles x 3 steps x 9.6", () => {
    const price: Price = [{ units: ["tile", "step"], microneurons: 9_600_000, per: 1, from: "2025-02-20" }];
    expect(microneuronsOf(price, { tile: 4, step: 3 }, today)).toBe(12 * 9_600_000);
    expect(microneuronsOf(price, { tile: 4 }, today)).toBe(0);
  });

  it("are rounded once, half up: three thirds are a whole", () => {
    const third = (unit: "tile" | "image" | "step") => ({ units: [unit], microneurons: 1, per: 3, from: "2025-02-20" });
    const price: Price = [third("tile"), third("image"), third("step")];
    expect(microneuronsOf(price, { tile: 1 }, today)).toBe(0);
    expect(microneuronsOf(price, { tile: 1, image: 1, step: 1 }, today)).toBe(1);
    expect(microneuronsOf([{ units: ["tile"], microneurons: 1, per: 2, from: "2025-02-20" }], { tile: 1 }, today)).toBe(1);
  });

  it("count thousandths of a unit exactly: 7.5 seconds at 41.14 neurons a minute", () => {
    const price: Price = [{ units: ["audio-second"], microneurons: 41_140_000, per: 60, from: "2025-02-20" }];
    expect(microneuronsOf(price, { "audio-second": 7.5 }, today)).toBe(5_142_500);
    expect(microneuronsOf(price, { "audio-second": 0.001 }, today)).toBe(686); // 685.67
  });

  it("are 0 without a price and without a usage", () => {
    expect(microneuronsOf([], { "input-token": 1_000_000 }, today)).toBe(0);
    expect(microneuronsOf(tokens, {}, today)).toBe(0);
    expect(microneuronsOf(tokens, { image: 3 }, today)).toBe(0);
  });

  const quantity = fc.nat({ max: 10_000_000 });
  const tokenUsage = fc.record({ "input-token": quantity, "output-token": quantity }, { requiredKeys: [] });
  const anyPrice = fc.array(
    fc.record({
      units: fc.subarray(["input-token", "output-token", "tile"] as const, { minLength: 1, maxLength: 1 }),
      microneurons: fc.nat({ max: 1_000_000_000_000 }),
      per: fc.integer({ min: 1, max: 1_000_000 }),
      from: fc.constant("2025-02-20"),
    }),
    { maxLength: 4 },
  );
  const cheap = (price: Price) => price.map((term) => ({ ...term, microneurons: term.microneurons % 1_000_000 })); // sums stay below 2^53

  it("are an integer and never negative, whatever is used", () => {
    fc.assert(
      fc.property(anyPrice, tokenUsage, (price, usage) => {
        const cost = microneuronsOf(cheap(price), usage, today);
        expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
      }),
    );
  });

  it("add up over tokens, up to the rounding", () => {
    const sum = (a: Usage, b: Usage): Usage => ({
      "input-token": (a["input-token"] ?? 0) + (b["input-token"] ?? 0),
      "output-token": (a["output-token"] ?? 0) + (b["output-token"] ?? 0),
    });
    fc.assert(
      fc.property(anyPrice, tokenUsage, tokenUsage, (price, a, b) => {
        const apart = microneuronsOf(cheap(price), a, today) + microneuronsOf(cheap(price), b, today);
        expect(Math.abs(microneuronsOf(cheap(price), sum(a, b), today) - apart)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("never fall when more is used", () => {
    fc.assert(
      fc.property(anyPrice, tokenUsage, quantity, (price, usage, more) => {
        const larger = { ...usage, "output-token": (usage["output-token"] ?? 0) + more };
        expect(microneuronsOf(cheap(price), larger, today)).toBeGreaterThanOrEqual(microneuronsOf(cheap(price), usage, today));
      }),
    );
  });
});

describe("the terms in force", () => {
  const term = (microneurons: number, from: string, to?: string) =>
    ({ units: ["image"], microneurons, per: 1, from, ...(to !== undefined && { to }) }) as const;
  const price: Price = [term(1, "2024-04-01", "2024-10-31"), term(2, "2025-02-20", "2025-12-31"), term(3, "2025-02-20", "2025-12-31")];
  const on = (day: string) => termsOn(price, day).map(({ microneurons }) => microneurons);

  it("include the first and the last day of a term", () => {
    expect([on("2024-04-01"), on("2024-10-31"), on("2025-02-20"), on("2025-12-31")]).toEqual([[1], [1], [2, 3], [2, 3]]);
  });

  it("are those of the nearest later day where a day has none", () => {
    expect([on("2023-09-27"), on("2024-12-24")]).toEqual([[1], [2, 3]]);
  });

  it("are none after the last has ended", () => {
    expect(on("2026-01-01")).toEqual([]);
  });
});

describe("days and texts", () => {
  it("turn over at midnight UTC", () => {
    const lastMoment = Date.UTC(2026, 10, 25, 23, 59, 59, 999);
    expect([dayOf(lastMoment), dayOf(lastMoment + 1)]).toEqual(["2026-11-25", "2026-11-26"]);
    expect(nextDayAt(lastMoment)).toBe(lastMoment + 1);
    expect(nextDayAt(lastMoment + 1)).toBe(lastMoment + 1 + 86_400_000);
  });

  it("show neurons with two decimals", () => {
    expect([neuronsText(172_800_000), neuronsText(0), neuronsText(1_984_999)]).toEqual(["172.80", "0.00", "1.98"]);
  });
});
