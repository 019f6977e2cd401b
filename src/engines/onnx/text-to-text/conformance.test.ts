import { describeEngine } from "../../conformance.ts";
import { createProcessEngine } from "../../index.ts";
import { createOnnxEngine } from "../onnx.ts";
import { article, tinySummary, tinyTranslate } from "./models.case.ts";

const models = { translation: tinyTranslate, summarization: tinySummary };
const inputs = {
  translation: { text: ["Hello world!", "How are you? I have 3 books."], source_lang: "en", target_lang: "es" },
  summarization: { input_text: article, max_length: 60 },
};

describeEngine("onnx writing texts, in this process", { create: () => createOnnxEngine({ threads: 1 }), models, inputs });

describeEngine("onnx writing texts, in a process of its own", {
  create: () =>
    createProcessEngine({
      name: "onnx",
      entry: new URL("../../../../dist/onnx-process.js", import.meta.url),
      settings: { threads: 1 },
    }),
  models,
  inputs,
});
