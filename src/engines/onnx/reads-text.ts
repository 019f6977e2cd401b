import type { Call, Part, TaskId, Usage } from "../../core/index.ts";
import { textModels, type LoadedModel } from "./loaded-model.ts";
import type { Operation } from "./operation.ts";
import type { Work } from "./work.ts";

/** Work whose graph reads texts once and answers at once: rows of tokens, in batches with those of other calls. */
export function readsText<T extends TaskId>(operation: Operation<T>): Work<T, LoadedModel> {
  async function* run(call: Call<T>, model: LoadedModel, signal: AbortSignal): AsyncGenerator<Part<T>> {
    const output = operation.source(call, model);
    const rows = operation.rows(call, model).map((row) => ({ ...row, output }));
    const usage: Usage = { "input-token": rows.reduce((sum, { ids }) => sum + ids.length, 0) };
    yield { type: "begin", usage };
    const results = await model.batcher.run(rows, signal);
    yield { type: "end", usage, output: operation.output(results, call, model) };
  }

  return { loader: textModels, run };
}
