import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { ModelCard } from "../../core/index.ts";
import { memoryNeedsOf } from "./memory.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-memory-"));
afterAll(() => rmSync(folder, { recursive: true }));

const processBytes = 150_000_000;

function cardOf(path: string): ModelCard {
  return {
    name: "trial",
    aliases: [],
    task: "text-embeddings",
    wireForm: "embedding",
    description: "",
    contextTokens: undefined,
    price: [],
    weights: [{ format: "onnx", path }],
    origin: "local",
    abilities: {},
    createdAt: 0,
  };
}

it("counts each graph of a folder once, in the precision that is loaded, with the weights beside it, and nothing else", async () => {
  mkdirSync(join(folder, "onnx"));
  mkdirSync(join(folder, "unet"));
  const sizes = {
    "onnx/encoder_model.onnx": 1000,
    "onnx/encoder_model_quantized.onnx": 300,
    "onnx/decoder_model_fp16.onnx": 500,
    "unet/model.onnx": 20,
    "unet/model.onnx_data": 7000,
    "tokenizer.json": 90_000,
  };
  for (const [name, size] of Object.entries(sizes)) writeFileSync(join(folder, name), Buffer.alloc(size));
  const bytes = processBytes + 1000 + 500 + 20 + 7000;
  expect(await memoryNeedsOf(cardOf(folder))).toEqual({ wanted: bytes, least: bytes });
});

it("leaves it to the process to say that a folder is not there", async () => {
  expect(await memoryNeedsOf(cardOf(join(folder, "nowhere")))).toEqual({ wanted: processBytes, least: processBytes });
});
