import * as z from "zod";
import type { ModelCard } from "../../core/index.ts";
import { filesOf, missing } from "./model-files.ts";

/** A folder of a model that reads text as transformers.js and Hugging Face's exporters lay it out, read and checked. */
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
  const files = filesOf(model);
  const graph = (await files.graph("onnx/model")) ?? (await files.graph("model"));
  const absent = [...(graph === undefined ? ["onnx/model.onnx"] : []), ...((await files.has("tokenizer.json")) ? [] : ["tokenizer.json"])];
  if (graph === undefined || absent.length > 0) throw missing(model.name, absent);
  const pooling = await files.json("1_Pooling/config.json", poolingSchema);
  return {
    path: files.path,
    graph,
    bytes: await files.bytes(graph),
    config: (await files.json("config.json", configSchema)) ?? {},
    tokenizer: (await files.json("tokenizer.json", z.looseObject({}))) ?? {},
    tokenizerConfig: (await files.json("tokenizer_config.json", tokenizerConfigSchema)) ?? {},
    pooling: pooling && poolingIn(pooling),
  };
}

function poolingIn(config: z.output<typeof poolingSchema>): Pooling | undefined {
  if (config.pooling_mode_cls_token) return "cls";
  if (config.pooling_mode_lasttoken) return "last";
  return config.pooling_mode_mean_tokens ? "mean" : undefined;
}
