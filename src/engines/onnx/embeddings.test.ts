import { afterAll, describe, expect, it } from "vitest";
import { ask } from "./ask.case.ts";
import { cardOf, graphOfRows, modelFolders, tinyEmbed, wordTokenizer } from "./models.case.ts";
import { createOnnxEngine } from "./onnx.ts";

const engine = createOnnxEngine({ threads: 1 });
const folders = modelFolders();
afterAll(async () => {
  await engine.close();
  folders.remove();
});

const embed = async (...text: string[]) => (await ask<"text-embeddings">(engine, tinyEmbed, { text })).output.data;
const cosine = (a: readonly number[] = [], b: readonly number[] = []) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const words = (count: number, word = "word") => Array.from({ length: count }, () => word).join(" ");

describe("tiny-embed through onnx", () => {
  it("puts sentences that mean the same nearer than others", async () => {
    const [cat, kitten, shares] = await embed(
      "The cat sat on the mat",
      "A kitten was resting on the rug",
      "Stock markets fell sharply today",
    );
    expect(cosine(cat, kitten)).toBeGreaterThan(cosine(cat, shares) + 0.3);
  });

  it("makes vectors of length 1 of a hundred texts, each the one that it would be alone", async () => {
    const texts = Array.from({ length: 100 }, (_, i) => `${words(1 + (i % 13))} about ${i} things`);
    const together = await embed(...texts);
    expect(together.map((vector) => vector.length)).toEqual(texts.map(() => 512));
    for (const [i, vector] of together.entries()) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      const [alone = []] = await embed(texts[i] ?? "");
      expect(Math.max(...vector.map((x, at) => Math.abs(x - (alone[at] ?? 0))))).toBeLessThan(1e-5);
    }
  });

  it("makes a vector of length 1 of a text without words", async () => {
    const vectors = await embed(" ", "\n\t", "🙂", "漢字");
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  });

  it("cuts a long text at 512 tokens, and counts no more", async () => {
    const long = `${words(600, "cat")} ${words(600, "dog")}`;
    const { output, usage } = await ask<"text-embeddings">(engine, tinyEmbed, { text: [long, words(512, "cat")] });
    expect(usage["input-token"]).toBe(512 + 512);
    expect(cosine(output.data[0], output.data[1])).toBeCloseTo(1, 5);
  });

  it("reads the beginning of ten megabytes as if they ended there", async () => {
    const { output, usage } = await ask<"text-embeddings">(engine, tinyEmbed, { text: [words(2_000_000, "cat"), "🙂".repeat(5_000_000)] });
    expect(usage["input-token"]).toBeLessThanOrEqual(1024);
    expect(cosine(output.data[0], (await embed(words(512, "cat")))[0])).toBeCloseTo(1, 5);
  });
});

describe("a graph that shows its token vectors", () => {
  // Tokens: 4 is "east", 5 is "north"; [CLS] points up, [SEP] adds nothing.
  const files = {
    "onnx/model.onnx": graphOfRows({
      inputs: ["input_ids", "attention_mask", "token_type_ids"],
      output: "last_hidden_state",
      rows: [
        [9, 9, 9],
        [0, 0, 0],
        [0, 0, 2],
        [0, 0, 0],
        [3, 0, 0],
        [0, 4, 0],
      ],
    }),
    "tokenizer.json": wordTokenizer(["east", "north"]),
    "config.json": { model_type: "bert" },
  };
  const text = ["east north", "east"];
  const mean = [3 / Math.sqrt(29), 4 / Math.sqrt(29), 2 / Math.sqrt(29)];
  const run = async (card = cardOf("local/compass", "text-embeddings", folders.folder(files)), pooling?: "cls" | "mean") =>
    (await ask<"text-embeddings">(engine, card, { text, ...(pooling && { pooling }) })).output;

  it("is pooled by the mean of the text's own tokens, not of the padding", async () => {
    const { data, pooling } = await run();
    expect(pooling).toBe("mean");
    data[0]?.forEach((x, i) => expect(x).toBeCloseTo(mean[i] ?? 0, 6));
    expect(cosine(data[1], [3 / Math.sqrt(13), 0, 2 / Math.sqrt(13)])).toBeCloseTo(1, 12);
  });

  it("is pooled by the first token when the call asks for cls", async () => {
    expect(await run(undefined, "cls")).toMatchObject({
      pooling: "cls",
      data: [
        [0, 0, 1],
        [0, 0, 1],
      ],
    });
  });

  it("is pooled as its authors say when neither call nor card does", async () => {
    const path = folders.folder({ ...files, "1_Pooling/config.json": { pooling_mode_cls_token: true } });
    const card = cardOf("local/cls-compass", "text-embeddings", path);
    expect(await run(card)).toMatchObject({
      pooling: "cls",
      data: [
        [0, 0, 1],
        [0, 0, 1],
      ],
    });
    expect(await run({ ...card, pooling: "mean" })).toMatchObject({ pooling: "mean" });
    expect(await run({ ...card, pooling: "mean" }, "cls")).toMatchObject({ pooling: "cls" });
  });
});
