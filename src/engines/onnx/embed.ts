import { Problem, type Call } from "../../core/index.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Operation } from "./operation.ts";
import { vectorOf, vectorSourceOf, type VectorSource } from "./vector-source.ts";

/** One vector for each text, pooled as the call says, else as the card says, else as the model does. */
export const embed: Operation<"text-embeddings"> = {
  rows: ({ input: { text }, model }, { read, limit }) => text.map((one) => read(one, undefined, limit(model))),
  source: (call, loaded) => sourceOf(call, loaded).name,
  output(results, call, loaded) {
    const source = sourceOf(call, loaded);
    const data = results.map((vectors) => vectorOf(vectors, source));
    const pooling = source.pooling === "last" ? undefined : source.pooling;
    return { shape: [data.length, data[0]?.length ?? 0], data, ...(pooling && { pooling }) };
  },
};

function sourceOf({ model, input }: Call<"text-embeddings">, loaded: LoadedModel): VectorSource {
  const source = vectorSourceOf(loaded, input.pooling ?? model.pooling);
  if (source) return source;
  throw new Problem("engine-failed", `${model.name} makes no vectors of texts: its graph has the outputs ${loaded.outputs.join(", ")}`);
}
