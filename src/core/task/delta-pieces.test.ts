import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { piecesOf } from "./delta-pieces.ts";

describe("a delta in pieces", () => {
  it("is itself where it is short", () => {
    const delta = { text: "a", reasoning: "b", tool_call: { index: 0, id: "c", name: "d", arguments: "{}" }, logprobs: [] };
    expect(piecesOf(delta)).toEqual([delta]);
  });

  it("begins a call once, and reports its log probabilities once", () => {
    const call = { index: 1, id: "c", name: "d", arguments: "x".repeat(20_000) };
    const pieces = piecesOf({ tool_call: call, logprobs: [] });
    expect(pieces.map(({ tool_call, logprobs }) => [tool_call?.id, tool_call?.name, tool_call?.index, logprobs])).toEqual([
      ["c", "d", 1, []],
      [undefined, undefined, 1, undefined],
      [undefined, undefined, 1, undefined],
    ]);
  });

  it("loses nothing, splits no character, and has no piece past 64 KiB of JSON", () => {
    const long = fc.string({ unit: "binary", maxLength: 30 }).map((text) => text.repeat(2_000));
    fc.assert(
      fc.property(long, long, (text, reasoning) => {
        const pieces = piecesOf({ text, reasoning });
        expect(pieces.map((piece) => piece.reasoning ?? "").join("") === reasoning).toBe(true);
        expect(pieces.map((piece) => piece.text ?? "").join("") === text).toBe(true);
        for (const piece of pieces) {
          expect(JSON.stringify(piece).length).toBeLessThan(65_000);
          expect(piece.text ?? piece.reasoning).not.toMatch(/\p{Surrogate}/u);
        }
      }),
      { numRuns: 30 },
    );
  });
});
