import { mkdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Problem, taskOf } from "../../core/index.ts";
import { readGgufMetadata } from "../../engines/llama/index.ts";
import type { Configuration } from "../configuration.ts";
import { commandName } from "../installation.ts";
import { readLocalModels, writeLocalModels } from "../local-models.ts";
import { readModels } from "../models.ts";

/** Gives a GGUF on disk a card of its own. The file stays where it is. */
export async function add(configuration: Configuration, name: string, file: string): Promise<void> {
  if (!/^@?[\w.-]+(\/[\w.:-]+)*$/.test(name) || name.length > 200) {
    throw new Problem("bad-input", `${JSON.stringify(name)} is no model name: use letters, digits, and - _ . / such as @me/my-model`);
  }
  const known = readModels(configuration).find(name);
  if (known) throw new Problem("bad-input", `there is a model ${known.name} already; give yours another name`);
  const path = resolve(file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Problem("bad-input", `there is no file ${path}`);
  const metadata = await readGgufMetadata(path);
  mkdirSync(configuration.data, { recursive: true, mode: 0o700 });
  writeLocalModels(configuration.data, [
    ...readLocalModels(configuration.data),
    {
      name,
      path,
      task: metadata.task,
      ...(metadata.contextTokens !== undefined && { contextTokens: metadata.contextTokens }),
      ...(metadata.dimensions !== undefined && metadata.task === "text-embeddings" && { dimensions: metadata.dimensions }),
      ...(metadata.parameters > 0 && { parameters: parametersText(metadata.parameters) }),
      tools: /\btools\b/.test(metadata.chatTemplate ?? ""),
      addedAt: Math.floor(Date.now() / 1000),
    },
  ]);
  const context = metadata.contextTokens === undefined ? "" : `, context of ${metadata.contextTokens} tokens`;
  process.stdout.write(`${name}: ${taskOf(metadata.task).label}, ${metadata.architecture}${context}\n`);
  process.stdout.write(`${commandName()} run ${name} "Hello"\n`);
}

/** 2 M, 494 M, 7.2 B: as names of models have it. */
function parametersText(parameters: number): string {
  const [size, letter] = parameters >= 1e9 ? [parameters / 1e9, "B"] : [parameters / 1e6, "M"];
  return `${Number(size.toPrecision(size >= 10 ? 3 : 2))}${letter}`;
}
