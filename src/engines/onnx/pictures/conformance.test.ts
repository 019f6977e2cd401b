import { createProcessEngine } from "../../index.ts";
import { describeEngine } from "../../conformance.ts";
import { createOnnxEngine } from "../onnx.ts";
import { drawings, tinyCaption, tinyClassify, tinyDetect } from "./pictures.case.ts";

const [drawing] = drawings("classify");
const [scene] = drawings("detect");
if (!drawing || !scene) throw new Error("no drawings to test with");

const models = { "image-classification": tinyClassify, "object-detection": tinyDetect, "image-to-text": tinyCaption };
const inputs = {
  "image-classification": { image: drawing.image },
  "object-detection": { image: scene.image },
  "image-to-text": { image: scene.image, max_tokens: 20 },
};

describeEngine("onnx with pictures, in this process", { create: () => createOnnxEngine({ threads: 1 }), models, inputs });

describeEngine("onnx with pictures, in a process of its own", {
  create: () =>
    createProcessEngine({
      name: "onnx",
      entry: new URL("../../../../dist/onnx-process.js", import.meta.url),
      settings: { threads: 1 },
    }),
  models,
  inputs,
});
