import { Problem, type Call } from "../../core/index.ts";
import type { Pooling } from "./folder.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Operation } from "./operation.ts";
import type { Vectors } from "./session.ts";

/** Names that exporters give to one vector for each token, and to one for each text. */
const tokenOutputs = ["last_hidden_state", "token_embeddings", "hidden_states"];
const textOutputs = ["sentence_embedding", "pooled_embedding", "text_embeds"];

/**
 * One vector for each text, of length 1. Token vectors are pooled as the call says, else as the card says, else as the model's authors
 * say. A graph that makes one vector of a text by itself is asked for that, unless a pooling is asked for and it shows its token vectors.
 */
export const embed: Operation<"text-embeddings"> = {
  rows: ({ input: { text }, model }, { read, limit }) => text.map((one) => read(one, undefined, limit(model))),
  source: (call, loaded) => sourceOf(call, loaded).name,
  output(results, call, loaded) {
    const { pooling, pooled: done } = sourceOf(call, loaded);
    const data = results.map((vectors) => normalised(done ? Float64Array.from(vectors.data) : pooled(vectors, pooling ?? "mean")));
    return { shape: [data.length, data[0]?.length ?? 0], data, ...(pooling && pooling !== "last" && { pooling }) };
  },
};

interface Source {
  readonly name: string;
  /** Whether the graph has pooled already. */
  readonly pooled: boolean;
  /** Undefined where the graph pools and nobody says how. */
  readonly pooling: Pooling | undefined;
}

function sourceOf({ model: card, input }: Call<"text-embeddings">, { folder, outputs }: LoadedModel): Source {
  const asked = input.pooling ?? card.pooling;
  const tokens = outputs.find((name) => tokenOutputs.includes(name));
  const text = outputs.find((name) => textOutputs.includes(name));
  if (tokens !== undefined && (asked !== undefined || text === undefined)) {
    return { name: tokens, pooled: false, pooling: asked ?? folder.pooling ?? "mean" };
  }
  if (text !== undefined) return { name: text, pooled: true, pooling: folder.pooling };
  throw new Problem("engine-failed", `${card.name} makes no vectors of texts: its graph has the outputs ${outputs.join(", ")}`);
}

/** One vector of the vectors of all tokens. */
export function pooled({ rows, width, data }: Vectors, pooling: Pooling): Float64Array {
  const vector = new Float64Array(width);
  const [from, to] = pooling === "mean" ? [0, rows] : pooling === "cls" ? [0, 1] : [rows - 1, rows];
  for (let row = from; row < to; row++) {
    for (let i = 0; i < width; i++) vector[i] = (vector[i] ?? 0) + (data[row * width + i] ?? 0) / (to - from);
  }
  return vector;
}

/** @throws Problem engine-failed for numbers that are none */
export function normalised(vector: Float64Array): number[] {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  if (!Number.isFinite(length)) throw new Problem("engine-failed", "the model made numbers that are none; its file may be damaged");
  return Array.from(vector, (x) => x / (length || 1));
}
