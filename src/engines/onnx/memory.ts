import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelCard } from "../../core/index.ts";
import type { MemoryNeeds } from "../index.ts";
import { filesOf } from "./model-files.ts";

/** Node, the runtime and what they compute in. */
const processBytes = 150_000_000;

/** What the graphs of a folder take in memory: the files, each graph in one precision. @throws Problem weights-missing */
export async function memoryNeedsOf(card: ModelCard): Promise<MemoryNeeds> {
  const files = filesOf(card);
  const graphs = new Set<string>();
  for (const folder of await foldersIn(files.path)) {
    for (const file of await namesIn(join(files.path, folder))) {
      if (!file.endsWith(".onnx")) continue;
      const graph = await files.graph(`${folder}${file.slice(0, -".onnx".length).replace(precision, "")}`);
      if (graph !== undefined) graphs.add(graph);
    }
  }
  const sizes = await Promise.all([...graphs].map((graph) => files.bytes(graph)));
  const bytes = processBytes + sizes.reduce((sum, size) => sum + size, 0);
  return { wanted: bytes, least: bytes };
}

/** How names say in what numbers a graph is written: `model_fp16`, `model_q4f16`. */
const precision = /_(?:fp32|fp16|bf16|quantized|q?int8|uint8|q8|q4|q4f16|bnb4)$/;

/** The folder itself and those in it, as beginnings of paths. */
async function foldersIn(path: string): Promise<string[]> {
  const names = await namesIn(path);
  const found = await Promise.all(names.map(async (name) => ((await stat(join(path, name))).isDirectory() ? [`${name}/`] : [])));
  return ["", ...found.flat()];
}

/** Nothing where there is no folder: the process says so, as it does of every file. */
function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}
