import { afterAll, describe, expect, it } from "vitest";
import type { Input, ModelCard, Part } from "../../../core/index.ts";
import { callOf } from "../../conformance.ts";
import { ask, problemOf } from "../ask.case.ts";
import { graphOf } from "../graph.case.ts";
import { cardOf, modelFolders } from "../models.case.ts";
import { createOnnxEngine } from "../onnx.ts";
import { mediaOf, plain } from "./pictures.case.ts";

const engine = createOnnxEngine({ threads: 1 });
const folders = modelFolders();
afterAll(async () => {
  await engine.close();
  folders.remove();
});

const words = ["<|endoftext|>", "red", "green", "blue", "Ġthing", "ĠÃ©"];
const mark = 0;

/**
 * Sees the mean of red, green and blue. After the beginning it is as sure of each of these words as there is of that colour, 6 for all
 * of it; then comes "thing", and after that nearly as surely the end as an "é".
 */
function captioner(generation: object = {}): ModelCard {
  const after: readonly (readonly number[])[] = [
    [0, 0, 0, 0, -9, -9],
    ...[1, 2, 3].map(() => [-9, -9, -9, -9, 9, -9]),
    [3, -9, -9, -9, -9, 2.9],
    [3, -9, -9, -9, -9, -9],
  ];
  return cardOf(
    "local/captioner",
    "image-to-text",
    folders.folder({
      "onnx/encoder_model.onnx": graphOf({
        inputs: { pixel_values: ["b", 3, "h", "w"] },
        outputs: { last_hidden_state: ["b", 1, 3] },
        constants: { one: { dims: [1], data: [1], type: "int64" } },
        nodes: [
          ["ReduceMean", ["pixel_values"], "mean", { axes: [2, 3], keepdims: 0 }],
          ["Unsqueeze", ["mean", "one"], "last_hidden_state"],
        ],
      }),
      "onnx/decoder_model_merged.onnx": graphOf({
        inputs: { input_ids: ["b", "t"], encoder_hidden_states: ["b", "s", 3] },
        types: { input_ids: "int64" },
        outputs: { logits: ["b", "t", 6] },
        constants: {
          after: { dims: [6, 6], data: after.flat() },
          looking: { dims: [6, 1], data: [6, 0, 0, 0, 0, 0] },
          colours: { dims: [3, 6], data: [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0] },
        },
        nodes: [
          ["Gather", ["after", "input_ids"], "known"],
          ["Gather", ["looking", "input_ids"], "gate"],
          ["MatMul", ["encoder_hidden_states", "colours"], "seen"],
          ["Mul", ["seen", "gate"], "said"],
          ["Add", ["known", "said"], "logits"],
        ],
      }),
      "tokenizer.json": {
        version: "1.0",
        added_tokens: [{ id: mark, content: words[mark], special: true, normalized: true }],
        normalizer: null,
        pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
        post_processor: null,
        decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true },
        model: { type: "BPE", unk_token: null, vocab: Object.fromEntries(words.map((word, id) => [word, id])), merges: [] },
      },
      "preprocessor_config.json": { size: { height: 4, width: 4 } },
      "config.json": {
        model_type: "vision-encoder-decoder",
        decoder_start_token_id: mark,
        eos_token_id: mark,
        decoder: { n_positions: 8 },
      },
      "generation_config.json": generation,
    }),
  );
}

const green = await plain(20, 10, [0, 255, 0]);
const brown = await plain(20, 10, [200, 150, 50]);
const describePicture = (input: Partial<Input<"image-to-text">>, card = captioner()) =>
  ask<"image-to-text">(engine, card, { image: green, max_tokens: 50, ...input });

describe("a description", () => {
  it("is the likeliest text, and what it took is counted: what the picture became, and each token with the end", async () => {
    const { output, usage } = await describePicture({});
    expect(output).toEqual({ description: "green thing" });
    expect(usage).toEqual({ image: 1, "input-token": 1, "output-token": 3 });
  });

  it("comes word by word", async () => {
    const parts: Part[] = [];
    for await (const part of engine.run(callOf<"image-to-text">(captioner(), { image: brown, max_tokens: 50 }))) parts.push(part);
    expect(parts).toEqual([
      { type: "begin", usage: { image: 1 } },
      { type: "delta", usage: { image: 1, "input-token": 1, "output-token": 1 }, delta: { text: "red" } },
      { type: "delta", usage: { image: 1, "input-token": 1, "output-token": 2 }, delta: { text: " thing" } },
      { type: "end", usage: { image: 1, "input-token": 1, "output-token": 3 }, output: { description: "red thing" } },
    ]);
  });

  it("comes at once where several ways are followed to the end", async () => {
    const deltas: unknown[] = [];
    for await (const part of engine.run(callOf<"image-to-text">(captioner({ num_beams: 3 }), { image: green, max_tokens: 50 }))) {
      if (part.type === "delta") deltas.push(part.delta);
    }
    // Hardly less likely than "green thing", and better for its length.
    expect(deltas).toEqual([{ text: "green thing é" }]);
  });

  it("has no more tokens than are asked for, than its authors want, and than the model has places for", async () => {
    expect((await describePicture({ max_tokens: 1 })).output).toEqual({ description: "green" });
    expect((await describePicture({}, captioner({ max_length: 2 }))).output).toEqual({ description: "green" });
    expect((await describePicture({}, captioner({ max_length: 100, min_length: 100 }))).usage["output-token"]).toBe(7);
  });

  it("is by chance where that is asked for, and the same for the same seed", async () => {
    const texts = await Promise.all(
      Array.from({ length: 24 }, async (_, seed) => (await describePicture({ image: brown, temperature: 2, seed })).output.description),
    );
    expect(new Set(texts).size).toBeGreaterThan(3);
    expect(texts).toContain("red thing");
    for (const seed of [0, 5]) expect((await describePicture({ image: brown, temperature: 2, seed })).output.description).toBe(texts[seed]);
  });

  it("by chance is as likely as temperature says", async () => {
    // After "thing" the end and an é are all but equally likely.
    const endings = await Promise.all(
      Array.from({ length: 60 }, async (_, seed) => (await describePicture({ temperature: 0.3, seed })).output.description),
    );
    const accented = endings.filter((text) => text === "green thing é").length;
    expect(accented).toBeGreaterThan(12);
    expect(accented).toBeLessThan(42);
    expect(endings.filter((text) => text.startsWith("green thing"))).toHaveLength(60);
  });

  it("by chance of the likeliest only is the likeliest", async () => {
    for (const seed of [1, 2, 3]) {
      expect((await describePicture({ image: brown, temperature: 5, top_k: 1, seed })).output.description).toBe("red thing");
      expect((await describePicture({ image: brown, temperature: 5, top_p: 0.01, seed })).output.description).toBe("red thing");
    }
    expect((await describePicture({ image: brown, temperature: 0, seed: 1 })).output.description).toBe("red thing");
  });

  it("changes nothing for a prompt, which such models do not read", async () => {
    expect((await describePicture({ prompt: "What is this?" })).output).toEqual({ description: "green thing" });
  });

  it("stops between two tokens when the caller leaves", async () => {
    const leaving = new AbortController();
    const seen: string[] = [];
    for await (const part of engine.run(
      callOf<"image-to-text">(captioner(), { image: green, max_tokens: 50 }, { signal: leaving.signal }),
    )) {
      seen.push(part.type);
      if (part.type === "delta") leaving.abort();
    }
    expect(seen).toEqual(["begin", "delta"]);
  });

  it("is refused for what is no picture", async () => {
    const problem = await problemOf<"image-to-text">(engine, captioner(), { image: mediaOf(new Uint8Array([1, 2, 3])), max_tokens: 9 });
    expect(problem).toMatchObject({ code: "bad-input", details: { field: "/image" } });
  });
});

it("a folder that is no captioner names what it lacks", async () => {
  const card = cardOf("local/empty", "image-to-text", folders.folder({ "preprocessor_config.json": { size: 8 } }));
  const problem = await problemOf<"image-to-text">(engine, card, { image: green, max_tokens: 9 });
  expect(problem.code).toBe("weights-missing");
  expect(problem.message).toContain("onnx/encoder_model.onnx, onnx/decoder_model_merged.onnx, tokenizer.json");
});
