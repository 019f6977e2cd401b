import { Problem } from "../../core/index.ts";
import type { Pooling } from "./folder.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Vectors } from "./session.ts";

/** Names that exporters give to one vector for each token, and to one for each text. */
const tokenOutputs = ["last_hidden_state", "token_embeddings", "hidden_states"];
const textOutputs = ["sentence_embedding", "pooled_embedding", "text_embeds"];

/** Which output of a graph makes the vector of a text, and what is left to do to it. */
export interface VectorSource {
  readonly name: string;
  /** Whether the graph has made one vector of the tokens' already. */
  readonly pooled: boolean;
  /** Undefined where the graph pools and nobody says how. */
  readonly pooling: Pooling | undefined;
}

/**
 * Token vectors are pooled as asked, else as the model's authors say, else by their mean. A graph that makes one vector of a text by itself
 * is taken at its word, unless a pooling is asked for and it shows its token vectors too.
 *
 * @returns undefined for a graph that makes no vectors of texts
 */
export function vectorSourceOf({ outputs, folder }: LoadedModel, asked: Pooling | undefined): VectorSource | undefined {
  const tokens = outputs.find((name) => tokenOutputs.includes(name));
  const text = outputs.find((name) => textOutputs.includes(name));
  if (tokens !== undefined && (asked !== undefined || text === undefined)) {
    return { name: tokens, pooled: false, pooling: asked ?? folder.pooling ?? "mean" };
  }
  return text === undefined ? undefined : { name: text, pooled: true, pooling: folder.pooling };
}

/** Of length 1. @throws Problem engine-failed for numbers that are none */
export function vectorOf(vectors: Vectors, { pooled, pooling = "mean" }: VectorSource): number[] {
  const vector = pool(vectors, pooled ? "cls" : pooling);
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  if (!Number.isFinite(length)) throw new Problem("engine-failed", "the model made numbers that are none; its file may be damaged");
  return Array.from(vector, (x) => x / (length || 1));
}

function pool({ rows, width, data }: Vectors, pooling: Pooling): Float64Array {
  const vector = new Float64Array(width);
  const [from, to] = pooling === "mean" ? [0, rows] : pooling === "cls" ? [0, 1] : [rows - 1, rows];
  for (let row = from; row < to; row++) {
    for (let i = 0; i < width; i++) vector[i] = (vector[i] ?? 0) + (data[row * width + i] ?? 0) / (to - from);
  }
  return vector;
}
