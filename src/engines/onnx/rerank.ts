import { logitsOf, logitsSource, sigmoid, softmax } from "./logits.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Operation } from "./operation.ts";
import { vectorOf, vectorSourceOf, type VectorSource } from "./vector-source.ts";

type Ranking = Operation<"reranking">;

/** Contexts by how well they answer the query: best first, and of equal ones the earlier first. Scores are 0 to 1. */
export const rerank: Ranking = {
  rows: (call, loaded) => methodFor(loaded).rows(call, loaded),
  source: (call, loaded) => methodFor(loaded).source(call, loaded),
  output(results, call, loaded) {
    const scored = methodFor(loaded).output(results, call, loaded);
    return scored.toSorted((a, b) => b.score - a.score || a.id - b.id).slice(0, call.input.top_k);
  },
};

function methodFor(loaded: LoadedModel): Ranking {
  const source = loaded.outputs.includes("logits") ? undefined : vectorSourceOf(loaded, undefined);
  return source ? byVectors(source) : byPairs;
}

/** A reranking model reads query and context together and says how well they fit. */
const byPairs: Ranking = {
  rows: ({ input: { query, contexts }, model }, { read, limit }) => contexts.map(({ text }) => read(query, text, limit(model))),
  source: logitsSource,
  output: (results, { model }) => results.map((result, id) => ({ id, score: relevance(logitsOf(result, model.name)) })),
};

/** An embedding model reads them apart, and ranks by the cosine of their vectors: less well, but well enough to go on with. */
const byVectors = (source: VectorSource): Ranking => ({
  rows: ({ input: { query, contexts }, model }, { read, limit }) =>
    [query, ...contexts.map(({ text }) => text)].map((text) => read(text, undefined, limit(model))),
  source: () => source.name,
  output(results) {
    const [query = [], ...contexts] = results.map((vectors) => vectorOf(vectors, source));
    return contexts.map((context, id) => ({ id, score: Math.min(1, Math.max(0, cosine(query, context))) }));
  },
});

/** One number is the logit of relevance; of two, the second is that of "relevant". */
function relevance(logits: readonly number[]): number {
  return logits.length === 1 ? sigmoid(logits[0] ?? 0) : (softmax(logits)[1] ?? 0);
}

/** Of vectors of length 1. */
function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}
