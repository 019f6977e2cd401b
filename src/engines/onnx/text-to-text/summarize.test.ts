import { afterAll, describe, expect, it } from "vitest";
import { ask } from "../ask.case.ts";
import { createOnnxEngine } from "../onnx.ts";
import type { BatchReport } from "../options.ts";
import { article, tinySummary } from "./models.case.ts";

const batches: BatchReport[] = [];
const engine = createOnnxEngine({ threads: 1, onBatch: (batch) => batches.push(batch) });
afterAll(() => engine.close());
const summarize = (input_text: string, max_length = 1024) => ask<"summarization">(engine, tinySummary, { input_text, max_length });

describe("tiny-summary", () => {
  it("says in a sentence or two what happened", async () => {
    expect((await summarize(article)).output.summary).toBe("A fire in a hotel in Lisbon injured 12 people. It was caused by a candle.");
  });

  it("keeps the beginning of what it knows nothing about", async () => {
    const text =
      "However, the Brelquist committee rejected the new zoning plan on Tuesday (see page 12). Nobody was surprised. The debate had lasted for years.";
    expect((await summarize(text)).output.summary).toContain("Brelquist committee rejected");
  });

  it("makes no more tokens than are asked for, and counts those that it made", async () => {
    for (const most of [1, 2, 7, 12]) {
      const { usage } = await summarize(article, most);
      expect(usage["output-token"]).toBe(most);
    }
  });

  it("reads no more than it can, and counts what it read", async () => {
    const { output, usage } = await summarize(`${article} ${"The weather was fine. ".repeat(50_000)}`);
    expect(usage["input-token"]).toBe(512);
    expect(output.summary).not.toBe("");
  });

  it("says nothing about nothing", async () => {
    expect(await summarize(" \n\t ")).toMatchObject({ output: { summary: "" }, usage: { "input-token": 0, "output-token": 0 } });
  });

  it.each(["\ud800\udfff\udfff", "</s><s>", "漢字".repeat(5000), "a".repeat(1_000_000), "مرحبا بالعالم.", "1 2 3"])(
    "answers a strange text: %#",
    async (text) => {
      const { output, usage } = await summarize(text, 30);
      expect(output.summary).not.toMatch(/\p{Surrogate}/u);
      expect(usage["output-token"]).toBeLessThanOrEqual(30);
    },
  );

  it("makes summaries of many calls at once, each the one that it would be alone", async () => {
    const texts = Array.from({ length: 12 }, (_, i) =>
      article.replace("12 people", `${i + 3} people`).replace("Lisbon", i % 2 ? "Porto" : "Rome"),
    );
    batches.length = 0;
    const together = await Promise.all(texts.map((text) => summarize(text)));
    expect(batches.length).toBeLessThan(6);
    for (const [i, text] of texts.entries()) expect(together[i]).toEqual(await summarize(text));
  });
});
