import { createProcessEngine } from "../../index.ts";
import { describeEngine } from "../../conformance.ts";
import { createOnnxEngine } from "../onnx.ts";
import { tinyDraw } from "./diffusion.case.ts";

const models = { "text-to-image": tinyDraw };
const inputs = { "text-to-image": { prompt: "a red circle on blue", num_steps: 3 } };

describeEngine("onnx with a diffusion model, in this process", { create: () => createOnnxEngine({ threads: 1 }), models, inputs });

describeEngine("onnx with a diffusion model, in a process of its own", {
  create: () =>
    createProcessEngine({
      name: "onnx",
      entry: new URL("../../../../dist/onnx-process.js", import.meta.url),
      settings: { threads: 1 },
    }),
  models,
  inputs,
});
