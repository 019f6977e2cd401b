import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createProcessEngine } from "../index.ts";
import { ask, problemOf } from "./ask.case.ts";
import { cardOf, graphOfRows, modelFolders, tinyEmbed, unknownGraph, wordTokenizer } from "./models.case.ts";
import { createOnnxEngine } from "./onnx.ts";
import type { BatchReport } from "./options.ts";

const folders = modelFolders();
const engine = createOnnxEngine({ threads: 1 });
afterAll(async () => {
  await engine.close();
  folders.remove();
});

const graph = graphOfRows({ inputs: ["input_ids"], output: "last_hidden_state", rows: [[0], [0], [1], [1], [1]] });
const good = { "onnx/model.onnx": graph, "tokenizer.json": wordTokenizer(["good"]), "config.json": {} };
const whole = readFileSync(join(tinyEmbed.weights.map((source) => ("path" in source ? source.path : ""))[0] ?? "", "onnx/model.onnx"));
const without = (name: keyof typeof good) => Object.fromEntries(Object.entries(good).filter(([other]) => other !== name));
const embedding = (files: Parameters<typeof folders.folder>[0]) => cardOf("local/broken", "text-embeddings", folders.folder(files));

describe("a folder that is no good", () => {
  it.each([
    ["no graph", without("onnx/model.onnx"), ["onnx/model.onnx"]],
    ["no tokenizer", without("tokenizer.json"), ["tokenizer.json"]],
    ["nothing", { "README.md": "" }, ["onnx/model.onnx", "tokenizer.json"]],
  ])("is weights that are missing, by name: %s", async (_, files, names) => {
    const problem = await problemOf<"text-embeddings">(engine, embedding(files), { text: ["good"] });
    expect(problem.code).toBe("weights-missing");
    expect(problem.details).toEqual({ files: names.map((name) => ({ name })) });
    for (const name of names) expect(problem.message).toContain(name);
  });

  it.each([
    ["garbage for a graph", { ...good, "onnx/model.onnx": "this is no graph" }, "onnx/model.onnx"],
    ["an empty graph", { ...good, "onnx/model.onnx": "" }, "onnx/model.onnx"],
    ["a graph cut in the middle", { ...good, "onnx/model.onnx": whole.subarray(0, 1_000_000) }, "onnx/model.onnx"],
    ["a graph of operators that nobody knows", { ...good, "onnx/model.onnx": unknownGraph() }, "onnx/model.onnx"],
    ["no JSON for a tokenizer", { ...good, "tokenizer.json": "{" }, "tokenizer.json"],
    ["another JSON for a tokenizer", { ...good, "tokenizer.json": { hello: 1 } }, "tokenizer.json"],
    ["a configuration of other types", { ...good, "config.json": { id2label: 3 } }, "config.json"],
  ])("is refused in plain words, naming the file and not its place: %s", async (_, files, name) => {
    const problem = await problemOf<"text-embeddings">(engine, embedding(files), { text: ["good"] });
    expect(problem).toMatchObject({ code: "engine-failed", message: `${name} of local/broken cannot be read; bring that file again` });
    expect(problem.cause).toBeDefined();
  });

  it.each([
    [
      "wants more than tokens",
      graphOfRows({ inputs: ["input_ids", "pixel_values"], output: "last_hidden_state", rows: [[1]] }),
      "pixel_values",
    ],
    ["makes no vectors", graphOfRows({ inputs: ["input_ids"], output: "boxes", rows: [[1]] }), "boxes"],
  ])("is refused when its graph %s", async (_, bytes, name) => {
    const problem = await problemOf<"text-embeddings">(engine, embedding({ ...good, "onnx/model.onnx": bytes }), { text: ["good"] });
    expect(problem.code).toBe("engine-failed");
    expect(problem.message).toContain(name);
  });

  it("is read anew once it is mended", async () => {
    const files = { ...good };
    const path = folders.folder({ ...files, "onnx/model.onnx": "no graph" });
    const card = cardOf("local/mended", "text-embeddings", path);
    await problemOf<"text-embeddings">(engine, card, { text: ["good"] });
    const mended = { ...card, weights: [{ format: "onnx" as const, path: folders.folder(files) }] };
    expect((await ask<"text-embeddings">(engine, mended, { text: ["good"] })).output.data).toEqual([[1]]);
  });

  it("does no harm to other calls of its process", async () => {
    const process = createProcessEngine({
      name: "onnx",
      entry: new URL("../../../dist/onnx-process.js", import.meta.url),
      settings: { threads: 1 },
      log: () => {},
    });
    const broken = embedding({ ...good, "onnx/model.onnx": whole.subarray(0, 1_000_000) });
    const [fine, refused] = await Promise.allSettled([
      ask<"text-embeddings">(process, tinyEmbed, { text: ["a cat"] }),
      ask<"text-embeddings">(process, broken, { text: ["good"] }),
    ]);
    expect(fine.status).toBe("fulfilled");
    expect(refused).toMatchObject({ status: "rejected", reason: { code: "engine-failed" } });
    await process.close();
  });
});

describe("models in memory", () => {
  it("leave for others, the least recently used first, and come again when they are asked for", async () => {
    const batches: BatchReport[] = [];
    const small = createOnnxEngine({ threads: 1, maxModelBytes: graph.byteLength * 2, onBatch: (batch) => batches.push(batch) });
    const cards = ["a", "b", "c"].map((name) => cardOf(name, "text-embeddings", folders.folder(good)));
    for (const card of [...cards, ...cards, ...cards]) {
      expect((await ask<"text-embeddings">(small, card, { text: ["good"] })).output.data).toEqual([[1]]);
    }
    expect(batches.map(({ model }) => model)).toEqual(["a", "b", "c", "a", "b", "c", "a", "b", "c"]);
    await small.close();
  });

  it("stay while they are used, however little room there is", async () => {
    const tight = createOnnxEngine({ threads: 1, maxModelBytes: 1 });
    const cards = ["a", "b", "c"].map((name) => cardOf(name, "text-embeddings", folders.folder(good)));
    const all = await Promise.all([...cards, ...cards].map((card) => ask<"text-embeddings">(tight, card, { text: ["good"] })));
    expect(all.map(({ output }) => output.data)).toEqual(all.map(() => [[1]]));
    await tight.close();
  });
});
