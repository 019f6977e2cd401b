import { describeEngine, type EngineUnderTest } from "../conformance.ts";
import { createOnnxEngine } from "./onnx.ts";
import { createOnnxProcessEngine } from "./process-engine.ts";

/** Runs what every engine promises over models of a kind: in this process, and in processes of their own, as a server has them. */
export function describeOnnx(kind: string, asked: Omit<EngineUnderTest, "create">): void {
  const settings = { threads: 1 };
  const entry = new URL("../../../dist/onnx-process.js", import.meta.url);
  describeEngine(`onnx ${kind}, in this process`, { create: () => createOnnxEngine(settings), ...asked });
  describeEngine(`onnx ${kind}, in a process of its own`, { create: () => createOnnxProcessEngine({ entry, settings }), ...asked });
}
