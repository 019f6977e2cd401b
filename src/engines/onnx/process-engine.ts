import type { Engine } from "../../core/index.ts";
import { createProcessEngine, type ProcessEngineOptions } from "../index.ts";
import { memoryNeedsOf } from "./memory.ts";
import { folderOf } from "./model-files.ts";
import type { OnnxOptions } from "./options.ts";

export type OnnxProcessOptions = Omit<ProcessEngineOptions, "name" | "keyOf" | "needsOf" | "settings"> & {
  readonly settings?: Omit<OnnxOptions, "onBatch" | "maxModelBytes">;
};

/** ONNX models, each folder in a process of its own: when it ends, all of its memory is back, and what crashes, crashes alone. */
export function createOnnxProcessEngine(options: OnnxProcessOptions): Engine {
  return createProcessEngine({
    stopTimeout: 300_000, // the decoder of a large picture is one step, which takes minutes on a small machine
    ...options,
    name: "onnx",
    keyOf: ({ model }) => folderOf(model),
    // There is one model in a process, and it goes when that ends.
    settings: { ...options.settings, maxModelBytes: Infinity } satisfies OnnxOptions,
    needsOf: ({ model }) => memoryNeedsOf(model),
  });
}
