import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Input, ModelCard, Output, TaskId, Usage } from "../../core/index.ts";
import { callOf, describeEngine } from "../conformance.ts";
import { createLlamaEngine } from "./engine.ts";
import { readGgufMetadata } from "./index.ts";
import { writeRandomBert } from "./random-bert.case.ts";
import { tinyChat } from "./tiny-chat.case.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-bert-"));
afterAll(() => rmSync(folder, { recursive: true }));

const settings = { threads: 1 };
const cardOf = (task: TaskId, path: string): ModelCard => ({
  ...tinyChat,
  name: path,
  task,
  contextTokens: 64,
  weights: [{ format: "gguf", path: join(folder, path) }],
});
const embedder = cardOf("text-embeddings", "embedding.gguf");
const ranker = cardOf("reranking", "ranking.gguf");
writeRandomBert(join(folder, "embedding.gguf"), "embedding");
writeRandomBert(join(folder, "ranking.gguf"), "ranking");

describeEngine("llama with encoders", {
  create: () => createLlamaEngine(settings),
  models: { "text-embeddings": embedder, reranking: ranker },
});

const engine = createLlamaEngine(settings);
afterAll(() => engine.close());

async function ask<T extends TaskId>(model: ModelCard, input: Input<T>): Promise<{ output: Output<T>; usage: Usage }> {
  for await (const part of engine.run(callOf<T>(model, input))) if (part.type === "end") return part;
  throw new Error("no end");
}

describe("vectors", () => {
  it("have length 1 and belong to their texts", async () => {
    const { output } = await ask<"text-embeddings">(embedder, { text: ["a cat", "the dog", "a cat"] });
    expect(output.shape).toEqual([3, 32]);
    for (const vector of output.data) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(output.data[0]).toEqual(output.data[2]);
    expect(output.data[0]).not.toEqual(output.data[1]);
  });

  it("count the tokens of the model, those that frame a text included", async () => {
    expect((await ask<"text-embeddings">(embedder, { text: ["abc", "a"] })).usage).toEqual({ "input-token": 3 + 2 + 1 + 2 }); // [CLS] … [SEP]
  });

  it("are of the beginning of a text that is too long", async () => {
    const { output, usage } = await ask<"text-embeddings">(embedder, { text: ["ab".repeat(500), "ab".repeat(31)] });
    expect(usage).toEqual({ "input-token": 64 + 64 });
    expect(output.data[0]).toEqual(output.data[1]);
  });

  it("say how they were pooled, and refuse another way", async () => {
    expect((await ask<"text-embeddings">(embedder, { text: ["a"], pooling: "cls" })).output.pooling).toBe("cls");
    await expect(ask<"text-embeddings">(embedder, { text: ["a"], pooling: "mean" })).rejects.toMatchObject({
      code: "bad-input",
      details: { field: "/pooling" },
    });
  });
});

describe("ranks", () => {
  const contexts = ["paris", "berlin", "bananas are yellow", "x".repeat(500)].map((text) => ({ text }));

  it("order the texts, best first, by scores from 0 to 1", async () => {
    const { output } = await ask<"reranking">(ranker, { query: "capital of france", contexts });
    expect(output.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    const scores = output.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const score of scores) expect(score).toBeGreaterThan(0);
    for (const score of scores) expect(score).toBeLessThan(1);
  });

  it("are the best few when only those are asked for", async () => {
    const all = await ask<"reranking">(ranker, { query: "q", contexts });
    expect((await ask<"reranking">(ranker, { query: "q", contexts, top_k: 2 })).output).toEqual(all.output.slice(0, 2));
  });

  it("survive a query that is longer than the window", async () => {
    expect((await ask<"reranking">(ranker, { query: "q".repeat(500), contexts })).output).toHaveLength(4);
  });

  it("are not given by a model that was made for something else", async () => {
    await expect(ask<"reranking">({ ...embedder, task: "reranking" }, { query: "q", contexts })).rejects.toMatchObject({
      code: "task-unsupported",
    });
  });
});

describe("readGgufMetadata", () => {
  it("tells encoders from generators", async () => {
    expect(await readGgufMetadata(join(folder, "embedding.gguf"))).toMatchObject({
      task: "text-embeddings",
      dimensions: 32,
      contextTokens: 64,
    });
    expect(await readGgufMetadata(join(folder, "ranking.gguf"))).toMatchObject({ task: "reranking" });
  });
});
