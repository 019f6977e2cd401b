import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type ModelCard, Problem, type TaskId, taskOf, tasks, type WeightsSource } from "../core/index.ts";

const taskIds = Object.keys(tasks) as TaskId[]; // the keys of the table

/** A model that `ganglion add` was told of, or that was pulled under a name of its own, as models.json in the data folder keeps it. */
const localModel = z.object({
  name: z.string(),
  /** Absolute; absent: `repository` is where it comes from, and weights.json says where it is. */
  path: z.string().optional(),
  repository: z.string().optional(),
  file: z.string().optional(),
  /** Of what `path` names: a GGUF file, which it is where nothing is said, or a folder of ONNX files. */
  format: z.enum(["gguf", "onnx"]).optional(),
  task: z.enum(taskIds),
  contextTokens: z.number().optional(),
  dimensions: z.number().optional(),
  parameters: z.string().optional(),
  tools: z.boolean(),
  /** Says whether texts are safe, as Llama Guard does. */
  moderation: z.boolean().optional(),
  /** Unix seconds. */
  addedAt: z.int(),
});
export type LocalModel = z.output<typeof localModel>;

export function localModelsFile(dataFolder: string): string {
  return join(dataFolder, "models.json");
}

/** @throws Problem `bad-setting` where the file is not as `writeLocalModels` left it */
export function readLocalModels(dataFolder: string): LocalModel[] {
  const file = localModelsFile(dataFolder);
  if (!existsSync(file)) return [];
  try {
    return z.array(localModel).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (thrown) {
    throw new Problem("bad-setting", `${file} cannot be read; mend it, or move it away and add the models again`, { cause: thrown });
  }
}

/** Whole or not at all: a server may read it at any moment. */
export function writeLocalModels(dataFolder: string, models: readonly LocalModel[]): void {
  const file = localModelsFile(dataFolder);
  writeFileSync(`${file}.new`, `${JSON.stringify(models, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function sourceOf({ path, repository = "", file, format = "gguf" }: LocalModel): WeightsSource {
  if (path !== undefined) return { format, path };
  return { format: "gguf", repository, confirmed: true, ...(file !== undefined && { file }) };
}

export function cardOf(model: LocalModel): ModelCard {
  return {
    name: model.name,
    aliases: [],
    task: model.task,
    // A task's first wire form is its plain one.
    wireForm: Object.keys(taskOf(model.task).wire)[0] ?? "",
    description: `${model.name}: a model of this server's operator`,
    contextTokens: model.contextTokens,
    price: [],
    weights: [sourceOf(model)],
    origin: "local",
    abilities: { json: model.task === "text-generation", tools: model.tools, ...(model.moderation && { moderation: true }) },
    createdAt: model.addedAt,
    ...(model.dimensions !== undefined && { dimensions: model.dimensions }),
    ...(model.parameters !== undefined && { parameters: model.parameters }),
  };
}
