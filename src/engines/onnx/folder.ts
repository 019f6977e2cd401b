import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { Problem, type ModelCard } from "../../core/index.ts";

/** A folder of a model as transformers.js and Hugging Face's exporters lay it out, read and checked. */
export interface ModelFolder {
  /** Absolute, or relative to the working directory, as the card has it. */
  readonly path: string;
  /** The graph's file within the folder. */
  readonly graph: string;
  /** Of the graph and of the weights beside it. */
  readonly bytes: number;
  readonly config: z.output<typeof configSchema>;
  readonly tokenizer: object;
  readonly tokenizerConfig: z.output<typeof tokenizerConfigSchema>;
  /** How the model's authors make one vector of its token vectors, where they say so. */
  readonly pooling: Pooling | undefined;
}

export type Pooling = "cls" | "mean" | "last";

/** How a graph's numbers are written, by the end of its name; the most exact first. Others come after these. */
const precisions = ["model.onnx", "model_fp16.onnx", "model_quantized.onnx", "model_int8.onnx", "model_uint8.onnx"];

const configSchema = z.looseObject({
  model_type: z.string().optional(),
  problem_type: z.string().nullish(),
  id2label: z.record(z.string(), z.string()).optional(),
  pad_token_id: z.int().nullish(),
  max_position_embeddings: z.int().nullish(),
});
const tokenizerConfigSchema = z.looseObject({ model_max_length: z.number().nullish() });
const poolingSchema = z.looseObject({
  pooling_mode_cls_token: z.boolean().optional(),
  pooling_mode_mean_tokens: z.boolean().optional(),
  pooling_mode_lasttoken: z.boolean().optional(),
});

/**
 * @throws Problem weights-missing, which names the files that are not there
 * @throws Problem engine-failed for a file that cannot be read
 */
export async function readFolder(model: ModelCard): Promise<ModelFolder> {
  const folder = folderOf(model);
  const graph = await graphIn(folder);
  const absent = [
    ...(graph === undefined ? ["onnx/model.onnx"] : []),
    ...((await sizeOf(join(folder, "tokenizer.json"))) === undefined ? ["tokenizer.json"] : []),
  ];
  if (graph === undefined || absent.length > 0) throw missing(model.name, absent);
  const read = <S extends z.ZodType>(file: string, schema: S) => readJson(model.name, folder, file, schema);
  const pooling = await read("1_Pooling/config.json", poolingSchema);
  return {
    path: folder,
    graph,
    bytes: await bytesOf(folder, graph),
    config: (await read("config.json", configSchema)) ?? {},
    tokenizer: (await read("tokenizer.json", z.looseObject({}))) ?? {},
    tokenizerConfig: (await read("tokenizer_config.json", tokenizerConfigSchema)) ?? {},
    pooling: pooling && poolingIn(pooling),
  };
}

/** @throws Problem weights-missing */
export function folderOf(model: ModelCard): string {
  for (const source of model.weights) if ("path" in source && source.format === "onnx") return source.path;
  throw missing(
    model.name,
    model.weights.flatMap((source) => ("repository" in source && source.format === "onnx" ? [source.repository] : [])),
  );
}

function missing(name: string, files: readonly string[]): Problem {
  const what = files.length > 0 ? `: ${files.join(", ")}` : "";
  return new Problem(
    "weights-missing",
    `the ONNX files of ${name} are not here${what}; put a folder with onnx/model.onnx, tokenizer.json and config.json on this machine and name it with ganglion add`,
    { details: { files: files.map((file) => ({ name: file })) } },
  );
}

function poolingIn(config: z.output<typeof poolingSchema>): Pooling | undefined {
  if (config.pooling_mode_cls_token) return "cls";
  if (config.pooling_mode_lasttoken) return "last";
  return config.pooling_mode_mean_tokens ? "mean" : undefined;
}

/** The graph in `onnx/`, else the one in the folder itself. */
async function graphIn(folder: string): Promise<string | undefined> {
  for (const within of ["onnx/", ""]) {
    const graphs = (await filesIn(join(folder, within))).filter((name) => /^model.*\.onnx$/.test(name));
    const [best] = graphs.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    if (best !== undefined) return within + best;
  }
  return undefined;
}

/** Of the graph and of the weights that large graphs have beside them: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`. */
async function bytesOf(folder: string, graph: string): Promise<number> {
  const at = graph.lastIndexOf("/") + 1;
  const beside = (await filesIn(join(folder, graph.slice(0, at)))).filter((name) => name.startsWith(graph.slice(at)));
  const sizes = await Promise.all(beside.map((name) => sizeOf(join(folder, graph.slice(0, at), name))));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

function rank(name: string): number {
  return precisions.includes(name) ? precisions.indexOf(name) : precisions.length;
}

async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}

/** The file's content, or undefined where there is no such file. */
async function readJson<S extends z.ZodType>(name: string, folder: string, file: string, schema: S): Promise<z.output<S> | undefined> {
  if ((await sizeOf(join(folder, file))) === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(await readFile(join(folder, file), "utf8")));
  } catch (thrown) {
    throw unreadable(name, file, thrown);
  }
}

export function unreadable(name: string, file: string, cause: unknown): Problem {
  return new Problem("engine-failed", `${file} of ${name} cannot be read; bring that file again`, { cause });
}
