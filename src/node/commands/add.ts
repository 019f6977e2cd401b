import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Problem, taskOf } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { checkNewName, ggufModel } from "../gguf-model.ts";
import { commandName } from "../installation.ts";
import { type LocalModel, readLocalModels, writeLocalModels } from "../local-models.ts";
import { readModels } from "../models.ts";
import { onnxModel } from "../onnx-folder.ts";
import { makeDataFolder } from "../store.ts";

export interface AddOptions {
  readonly task?: string;
}

/** Gives a GGUF file or a folder of ONNX files on disk a card of its own. It stays where it is. */
export async function add(configuration: Configuration, name: string, place: string, options: AddOptions): Promise<void> {
  checkNewName(name, readModels(configuration).find(name));
  const path = resolve(place);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    const model = await onnxModel(name, path, options.task);
    keep(configuration, { ...model, path });
    process.stdout.write(`${name}: ${taskOf(model.task).label}, ONNX\n`);
    return;
  }
  if (!found?.isFile()) throw new Problem("bad-input", `there is no file ${path}`);
  const { architecture, ...model } = await ggufModel(name, path);
  keep(configuration, { ...model, path });
  const context = model.contextTokens === undefined ? "" : `, context of ${model.contextTokens} tokens`;
  process.stdout.write(`${name}: ${taskOf(model.task).label}, ${architecture}${context}\n`);
  process.stdout.write(`${commandName()} run ${name} "Hello"\n`);
}

function keep({ data }: Configuration, model: LocalModel): void {
  makeDataFolder(data);
  writeLocalModels(data, [...readLocalModels(data), model]);
}
