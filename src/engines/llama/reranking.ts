import type { Call, Part, Usage } from "../../core/index.ts";
import { firstTokens } from "./first-tokens.ts";
import type { LoadedModel } from "./loaded-model.ts";

/** Scores each text by how well it answers the query. A text that is too long is cut, and a query that leaves no room for one too. */
export async function* rankTexts(
  loaded: LoadedModel,
  { input }: Call<"reranking">,
  signal: AbortSignal,
): AsyncGenerator<Part<"reranking">> {
  const { model } = loaded;
  const { context, contextTokens } = await loaded.ranking();
  const query = firstTokens(model, input.query, Math.floor(contextTokens / 2));
  const room = contextTokens - context.calculateInputLength(query, []);
  const texts = input.contexts.map(({ text }) => firstTokens(model, text, Math.max(0, room)));
  const usage: Usage = { "input-token": texts.reduce((sum, text) => sum + context.calculateInputLength(query, text), 0) };
  yield { type: "begin", usage };

  const scores: { id: number; score: number }[] = [];
  for (const [id, text] of texts.entries()) {
    if (signal.aborted) return;
    scores.push({ id, score: await context.rank(query, text) });
  }
  yield { type: "end", usage, output: scores.toSorted((a, b) => b.score - a.score).slice(0, input.top_k) };
}
