import { existsSync } from "node:fs";
import { cpus } from "node:os";
import type { ModelCard } from "../core/index.ts";
import { Problem, taskOf } from "../core/index.ts";
import { createProcessEngine } from "../engines/index.ts";
import { createEchoEngine } from "../engines/echo/index.ts";
import { createLlamaProcessEngine } from "../engines/llama/index.ts";
import type { OnnxOptions } from "../engines/onnx/index.ts";
import { createPool, type Pool } from "../gateway/index.ts";
import type { Configuration } from "./configuration.ts";
import { builtScript } from "./installation.ts";

type EngineName = "echo" | "llama" | "onnx";

/** Which engine of this server has what a model needs; undefined: none. */
export function engineFor(card: ModelCard): EngineName | undefined {
  if (card.name.startsWith("@ganglion/echo")) return "echo";
  const here = card.weights.find((source) => "path" in source && existsSync(source.path));
  return here && (here.format === "gguf" ? "llama" : "onnx");
}

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
      settings: { threads } satisfies OnnxOptions,
      log,
    }),
  } as const;
  return createPool(Object.entries(engines).map(([name, engine]) => ({ engine, serves: (card) => engineFor(card) === name })));
}

const builtInOf: Partial<Record<ModelCard["task"], string>> = { "text-generation": "@ganglion/tiny-chat" };

/** The name of the model that comes with Ganglion for a task. */
export function standInFor(card: ModelCard): string | undefined {
  return builtInOf[card.task];
}

/** Why nothing here runs a model, which files it wants, and the ways out. */
export function explainAbsence(card: ModelCard): Problem {
  const wanted = card.weights.filter(({ format }) => format !== "other");
  const files = (wanted.length > 0 ? wanted : card.weights).map((source) => ({
    name: "path" in source ? source.path : `${source.repository} (${source.format})`,
  }));
  const gone = card.weights.find((source) => "path" in source);
  const standIn = standInFor(card);
  const sentences = [
    gone && "path" in gone
      ? `the file of ${card.name} is no longer at ${gone.path}`
      : `the weights of ${card.name} are not here${files.length > 0 ? `: it wants ${files.map(({ name }) => name).join(" or ")}` : ""}`,
    "`ganglion add NAME PATH` gives a GGUF on disk a name",
    standIn && `with GANGLION_STAND_INS=1 ${standIn} answers ${taskOf(card.task).label} in its place`,
  ];
  return new Problem("weights-missing", sentences.filter(Boolean).join("; "), { details: { files } });
}
