import { createProcessEngine } from "../index.ts";
import { describeEngine } from "../conformance.ts";
import { tinyEmbed, tinyRerank, tinySentiment } from "./models.case.ts";
import { createOnnxEngine } from "./onnx.ts";

const models = { "text-embeddings": tinyEmbed, "text-classification": tinySentiment, reranking: tinyRerank };

describeEngine("onnx, in this process", { create: () => createOnnxEngine({ threads: 1 }), models });

describeEngine("onnx, in a process of its own", {
  create: () =>
    createProcessEngine({
      name: "onnx",
      entry: new URL("../../../dist/onnx-process.js", import.meta.url),
      settings: { threads: 1 },
    }),
  models,
});
