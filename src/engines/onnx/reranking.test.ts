import { afterAll, describe, expect, it } from "vitest";
import { ask } from "./ask.case.ts";
import { cardOf, graphOfRows, modelFolders, tinyEmbed, tinyRerank, wordTokenizer } from "./models.case.ts";
import { createOnnxEngine } from "./onnx.ts";

const engine = createOnnxEngine({ threads: 1 });
const folders = modelFolders();
afterAll(async () => {
  await engine.close();
  folders.remove();
});

/** Counts "yes" up and "no" down; the query and the frame count nothing. */
const card = cardOf(
  "local/counter",
  "reranking",
  folders.folder({
    "onnx/model.onnx": graphOfRows({
      inputs: ["input_ids", "attention_mask", "token_type_ids"],
      output: "logits",
      rows: [[0], [0], [0], [0], [0], [1], [-1]],
      sum: true,
    }),
    "tokenizer.json": wordTokenizer(["query", "yes", "no"]),
    "config.json": {},
  }),
);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe("a cross-encoder through onnx", () => {
  const contexts = [{ text: "no" }, { text: "yes yes" }, { text: "" }, { text: "yes" }, { text: "no yes" }];

  it("orders contexts by their score, equal ones as they came", async () => {
    const { output, usage } = await ask<"reranking">(engine, card, { query: "query", contexts });
    expect(output.map(({ id }) => id)).toEqual([1, 3, 2, 4, 0]);
    expect(output[0]?.score).toBeCloseTo(sigmoid(2), 6);
    expect(output[4]?.score).toBeCloseTo(sigmoid(-1), 6);
    expect(usage).toEqual({ "input-token": contexts.length * 4 + 6 });
  });

  it("returns the best top_k", async () => {
    const { output } = await ask<"reranking">(engine, card, { query: "query", contexts, top_k: 2 });
    expect(output.map(({ id }) => id)).toEqual([1, 3]);
  });

  it("cuts the context, not a short query, where both are too long", async () => {
    const long = Array.from({ length: 600 }, (_, i) => (i < 300 ? "yes" : "no")).join(" ");
    const { output, usage } = await ask<"reranking">(engine, card, { query: "query", contexts: [{ text: long }] });
    expect(usage).toEqual({ "input-token": 512 });
    expect(output[0]?.score).toBeCloseTo(sigmoid(300 - (512 - 4 - 300)), 6);
  });
});

describe("an embedding model asked to rank", () => {
  it("puts first what is nearest in meaning", async () => {
    const contexts = [
      "Berlin is the largest city of Germany.",
      "Paris has been the capital of France for centuries.",
      "Bananas are yellow.",
    ];
    const query = "What is the capital of France?";
    const { output, usage } = await ask<"reranking">(engine, tinyRerank, { query, contexts: contexts.map((text) => ({ text })) });
    expect(output.map(({ id }) => id)).toEqual([1, 0, 2]);
    for (const { score } of output) expect(score).toSatisfy((value: number) => value >= 0 && value <= 1);
    const { usage: apart } = await ask<"text-embeddings">(engine, tinyEmbed, { text: [query, ...contexts] });
    expect(usage).toEqual(apart);
  });
});
