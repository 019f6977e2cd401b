import { fileURLToPath } from "node:url";
import type { ModelCard, TaskId } from "../../core/index.ts";
import { describeEngine } from "../conformance.ts";
import { createOnnxEngine } from "./onnx.ts";

function builtIn(name: string, task: TaskId, wireForm: string): ModelCard {
  return {
    name: `@ganglion/${name}`,
    aliases: [],
    task,
    wireForm,
    description: "",
    contextTokens: 512,
    price: [],
    weights: [{ format: "onnx", path: fileURLToPath(new URL(`../../../models/${name}`, import.meta.url)) }],
    origin: "built-in",
    abilities: {},
    createdAt: 0,
  };
}

describeEngine("onnx, in process", {
  create: () => createOnnxEngine({ threads: 1 }),
  models: { "text-embeddings": builtIn("tiny-embed", "text-embeddings", "embedding") },
});
