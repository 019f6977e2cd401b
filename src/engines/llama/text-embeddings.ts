import { Problem, type Call, type Part, type Usage } from "../../core/index.ts";
import { firstTokens } from "./first-tokens.ts";
import type { LoadedModel } from "./loaded-model.ts";

/** Names of llama.cpp's pooling types that Workers AI knows. */
const poolings: Readonly<Record<number, "mean" | "cls">> = { 1: "mean", 2: "cls" };

/** Makes a vector of each text. The state of a text is not kept: nothing follows from it for the next one. */
export async function* embedTexts(
  loaded: LoadedModel,
  { input, model: card }: Call<"text-embeddings">,
  signal: AbortSignal,
): AsyncGenerator<Part<"text-embeddings">> {
  const { model, name, pooling: poolingType } = loaded;
  const pooling = poolings[poolingType ?? -1];
  if (input.pooling !== undefined && input.pooling !== pooling) {
    throw new Problem("bad-input", `${name} was trained with another pooling than ${input.pooling}; leave out pooling`, {
      details: { field: "/pooling" },
    });
  }
  const { context, contextTokens } = await loaded.embedding();
  const added = context.calculateInputLength(model.tokenize("a")) - model.tokenize("a").length;
  const longest = Math.min(contextTokens, card.contextTokens ?? contextTokens) - added;
  const texts = input.text.map((text) => firstTokens(model, text, longest));
  const usage: Usage = { "input-token": texts.reduce((sum, tokens) => sum + tokens.length + added, 0) };
  yield { type: "begin", usage };

  const data: number[][] = [];
  for (const tokens of texts) {
    if (signal.aborted) return;
    const { vector } = await context.getEmbeddingFor(tokens);
    data.push(normalized(vector));
  }
  yield { type: "end", usage, output: { shape: [data.length, data[0]?.length ?? 0], data, ...(pooling && { pooling }) } };
}

function normalized(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((number) => (length === 0 ? 0 : number / length));
}
