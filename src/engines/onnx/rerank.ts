import { logitsOf, logitsSource, sigmoid, softmax } from "./logits.ts";
import type { Operation } from "./operation.ts";

/** Contexts by how well they answer the query, each read together with it; best first, and of equal ones the earlier first. */
export const rerank: Operation<"reranking"> = {
  rows: ({ input: { query, contexts }, model }, { read, limit }) => contexts.map(({ text }) => read(query, text, limit(model))),
  source: logitsSource,
  output(results, { input: { top_k: most = results.length }, model }) {
    return results
      .map((result, id) => ({ id, score: relevance(logitsOf(result, model.name)) }))
      .toSorted((a, b) => b.score - a.score || a.id - b.id)
      .slice(0, most);
  },
};

/** One number is the logit of relevance; of two, the second is that of "relevant". */
function relevance(logits: readonly number[]): number {
  return logits.length === 1 ? sigmoid(logits[0] ?? 0) : (softmax(logits)[1] ?? 0);
}
