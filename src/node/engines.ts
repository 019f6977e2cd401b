import { existsSync } from "node:fs";
import { cpus } from "node:os";
import type { LoadedModels, ModelCard, TaskId } from "../core/index.ts";
import { createModelMemory, type OwnSettings } from "../engines/index.ts";
import { createEchoEngine } from "../engines/echo/index.ts";
import { createFliteProcessEngine } from "../engines/flite/index.ts";
import { createLlamaProcessEngine, mayUseGpuMemory } from "../engines/llama/index.ts";
import { createOnnxProcessEngine } from "../engines/onnx/index.ts";
import { createPool, type Pool } from "../gateway/index.ts";
import type { WeightsFormat } from "../weights/index.ts";
import type { Configuration } from "./configuration.ts";
import { builtScript } from "./installation.ts";

type EngineName = "echo" | "flite" | "llama" | "onnx";

const engineOfFormat = { gguf: "llama", onnx: "onnx", flite: "flite" } as const;

/** Which engine of this server has what a model needs; undefined: none. */
export function engineFor(card: ModelCard): EngineName | undefined {
  if (card.origin === "built-in" && card.weights.length === 0) return "echo";
  for (const source of card.weights) if ("path" in source && existsSync(source.path)) return engineOfFormat[source.format];
  return undefined;
}

/** What those engines run a task from. */
export function formatsFor(task: TaskId): readonly WeightsFormat[] {
  return task === "text-generation" ? ["gguf"] : ["onnx"];
}

export interface Engines {
  readonly pool: Pool;
  /** What is in memory now. */
  readonly loaded: LoadedModels;
}

/** The engines of this machine. They are cheap to make: a process starts with the first call that needs it. */
export function createEngines(configuration: Configuration, log: (line: string) => void): Engines {
  const {
    threads = Math.max(1, cpus().length - 1),
    gpuLayers,
    contextTokens,
    sequences,
    keepAlive,
    queueLength,
    queueSeconds,
  } = configuration;
  const gpu = configuration.gpu === "auto" ? "auto" : false;
  const ownOf = (card: ModelCard) => ownSettings(card, configuration);
  const memory = createModelMemory({
    maxModels: configuration.loadedModels ?? (mayUseGpuMemory({ gpu, gpuLayers }) ? 4 : 16),
    keepAlive: milliseconds(keepAlive),
    patience: queueSeconds * 1000,
  });
  const shared = { memory, maxCalls: queueLength, queueTimeout: queueSeconds * 1000, log };
  const engines = {
    echo: createEchoEngine(),
    llama: createLlamaProcessEngine({
      ...shared,
      entry: builtScript("llama-process"),
      settings: { threads, gpu, gpuLayers, contextTokens, sequences },
      ownOf,
    }),
    flite: createFliteProcessEngine({ ...shared, entry: builtScript("flite-process") }),
    onnx: createOnnxProcessEngine({ ...shared, entry: builtScript("onnx-process"), settings: { threads }, ownOf }),
  } as const;
  const pool = createPool(Object.entries(engines).map(([name, engine]) => ({ engine, serves: (card) => engineFor(card) === name })));
  return { pool, loaded: memory };
}

/** What the operator has said of one model, by its name or another name of it. */
function ownSettings({ name, aliases }: ModelCard, { modelSettings }: Configuration): OwnSettings | undefined {
  const said = [name, ...aliases].find((known) => Object.hasOwn(modelSettings, known));
  const found = said === undefined ? undefined : modelSettings[said];
  if (!found) return undefined;
  const { keepAlive, ...settings } = found;
  return { settings, ...(keepAlive !== undefined && { keepAlive: milliseconds(keepAlive) }) };
}

function milliseconds(keepAlive: "forever" | number): number {
  return keepAlive === "forever" ? Infinity : keepAlive * 1000;
}
