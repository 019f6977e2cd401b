import { mkdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Problem, taskOf } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { checkNewName, ggufModel } from "../gguf-model.ts";
import { commandName } from "../installation.ts";
import { readLocalModels, writeLocalModels } from "../local-models.ts";
import { readModels } from "../models.ts";

/** Gives a GGUF on disk a card of its own. The file stays where it is. */
export async function add(configuration: Configuration, name: string, file: string): Promise<void> {
  checkNewName(name, readModels(configuration).find(name));
  const path = resolve(file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Problem("bad-input", `there is no file ${path}`);
  const { architecture, ...model } = await ggufModel(name, path);
  mkdirSync(configuration.data, { recursive: true, mode: 0o700 });
  writeLocalModels(configuration.data, [...readLocalModels(configuration.data), { ...model, path }]);
  const context = model.contextTokens === undefined ? "" : `, context of ${model.contextTokens} tokens`;
  process.stdout.write(`${name}: ${taskOf(model.task).label}, ${architecture}${context}\n`);
  process.stdout.write(`${commandName()} run ${name} "Hello"\n`);
}
