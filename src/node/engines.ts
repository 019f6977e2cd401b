import { existsSync } from "node:fs";
import { cpus } from "node:os";
import type { ModelCard, TaskId } from "../core/index.ts";
import { createProcessEngine } from "../engines/index.ts";
import { createEchoEngine } from "../engines/echo/index.ts";
import { createLlamaProcessEngine } from "../engines/llama/index.ts";
import type { OnnxOptions } from "../engines/onnx/index.ts";
import { createPool, type Pool } from "../gateway/index.ts";
import type { WeightsFormat } from "../weights/index.ts";
import type { Configuration } from "./configuration.ts";
import { builtScript } from "./installation.ts";

type EngineName = "echo" | "llama" | "onnx";

/** Which engine of this server has what a model needs; undefined: none. */
export function engineFor(card: ModelCard): EngineName | undefined {
  if (card.origin === "built-in" && card.weights.length === 0) return "echo";
  const here = card.weights.find((source) => "path" in source && existsSync(source.path));
  return here && (here.format === "gguf" ? "llama" : "onnx");
}

/** What those engines run a task from. */
export function formatsFor(task: TaskId): readonly WeightsFormat[] {
  return task === "text-generation" ? ["gguf"] : ["onnx"];
}

/** ONNX models run in one process for each of these: what reads clients' files, or draws for minutes, takes down nothing else when it dies. */
const companyOf: { readonly [T in TaskId]?: string } = {
  "image-classification": "pictures",
  "object-detection": "pictures",
  "image-to-text": "pictures",
  "text-to-image": "drawing",
};

/** The engines of this machine. They are cheap to make: a process starts with the first call that needs it. */
export function createEngines(configuration: Configuration, log: (line: string) => void): Pool {
  const { threads = Math.max(1, cpus().length - 1), gpu, loadedModels } = configuration;
  const engines = {
    echo: createEchoEngine(),
    llama: createLlamaProcessEngine({
      entry: builtScript("llama-process"),
      settings: { threads, gpu: gpu === "auto" ? "auto" : false },
      maxProcesses: loadedModels,
      log,
    }),
    onnx: createProcessEngine({
      name: "onnx",
      entry: builtScript("onnx-process"),
      keyOf: ({ task }) => companyOf[task] ?? "texts",
      settings: { threads } satisfies OnnxOptions,
      log,
    }),
  } as const;
  return createPool(Object.entries(engines).map(([name, engine]) => ({ engine, serves: (card) => engineFor(card) === name })));
}
