import { describe, expect, it } from "vitest";
import recorded from "./fixtures/searches.json" with { type: "json" };
import { generationOf } from "./generation-settings.ts";
import { createSearch, type Search } from "./search.ts";

const size = 24;
const end = 2;

/** Scores that depend on all tokens so far, the same as in record-searches.py. */
function scoresAfter(tokens: readonly number[], bonus: number): Float32Array {
  const hash = tokens.reduce((h, token) => (h * 31 + token + 7) % 10007, 5);
  return Float32Array.from(
    { length: size },
    (_, token) => ((hash * (token + 3) * 17 + token * token * 5 + hash) % 997) / 200 + token / 3000 + (token === end ? bonus : 0),
  );
}

/** Follows a search to its end; returns how many steps it took. */
function follow(search: Search, first: readonly number[], bonus: number): number {
  let drafts: (readonly number[])[] = [[...first]];
  for (let steps = 1; ; steps++) {
    search.choose(drafts.map((draft) => scoresAfter(draft, bonus)));
    drafts = search.ways.map(({ from, token }) => [...(drafts[from] ?? []), token]);
    if (drafts.length === 0) return steps;
  }
}

describe("a search", () => {
  const alone = recorded.cases.filter(({ settings }) => settings.num_beams === 1);
  const wide = recorded.cases.filter(({ settings }) => settings.num_beams > 1);
  for (const [kind, cases] of [
    ["one way", alone],
    ["beams", wide],
  ] as const) {
    it(`with ${kind} finds what transformers' own finds, with whatever settings`, () => {
      const found = cases.map(({ start, bonus, settings }) => {
        const { choosing, first, minLength } = generationOf({ ...readable(settings), decoder_start_token_id: start, eos_token_id: end });
        const bounds = { first, least: minLength - first.length + 1, most: settings.max_length - first.length };
        const search = createSearch(choosing, bounds);
        follow(search, first, bonus);
        return [...first, ...search.best.tokens];
      });
      expect(found).toEqual(cases.map(({ tokens }) => tokens.slice(0, tokens.includes(end) ? tokens.indexOf(end) : undefined)));
    });
  }

  const { choosing } = generationOf({ decoder_start_token_id: 3, eos_token_id: end, num_beams: 3, forced_eos_token_id: end });

  it("makes no more tokens than it may, the end included", () => {
    for (const beams of [1, 3]) {
      const search = createSearch({ ...choosing, beams }, { first: [3], least: 0, most: 4 });
      expect(follow(search, [3], -100)).toBe(4);
      expect(search.best.tokens).toHaveLength(3);
      expect(search.best.made).toBe(4);
    }
  });

  it("does not end before the least that it shall make", () => {
    for (const beams of [1, 3]) {
      const search = createSearch({ ...choosing, beams }, { first: [3], least: 6, most: 20 });
      follow(search, [3], 100);
      expect(search.best.made).toBe(6);
    }
  });

  it.each([[Number.NaN], [-Infinity]])("fails over scores of %d", (score) => {
    for (const beams of [1, 3]) {
      const search = createSearch({ ...choosing, beams }, { first: [3], least: 0, most: 20 });
      expect(() => search.choose([new Float32Array(size).fill(score)])).toThrow(expect.objectContaining({ code: "engine-failed" }));
    }
  });
});

/** What JSON can only say with any string. */
function readable<S extends { readonly early_stopping: boolean | string }>(
  settings: S,
): S & { readonly early_stopping: boolean | "never" } {
  const { early_stopping: early } = settings;
  return { ...settings, early_stopping: typeof early === "boolean" ? early : "never" };
}
