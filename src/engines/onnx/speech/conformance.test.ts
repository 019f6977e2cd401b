import { describeEngine } from "../../conformance.ts";
import { createProcessEngine } from "../../index.ts";
import { createOnnxEngine } from "../onnx.ts";
import { sample, tinyListen } from "./speech.case.ts";

const models = { "automatic-speech-recognition": tinyListen };
const inputs = { "automatic-speech-recognition": { audio: sample("speech.wav") } };

describeEngine("onnx with speech, in this process", { create: () => createOnnxEngine({ threads: 1 }), models, inputs });

describeEngine("onnx with speech, in a process of its own", {
  create: () =>
    createProcessEngine({
      name: "onnx",
      entry: new URL("../../../../dist/onnx-process.js", import.meta.url),
      settings: { threads: 1 },
    }),
  models,
  inputs,
});
