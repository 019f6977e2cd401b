import { Problem, type Call, type Engine, type Part, type TaskId, type Usage } from "../../core/index.ts";
import { classify } from "./classify.ts";
import { embed } from "./embed.ts";
import { loadModel, type LoadedModel } from "./loaded-model.ts";
import { createModelShelf } from "./model-shelf.ts";
import type { Operation } from "./operation.ts";
import { limitsOf, type OnnxOptions } from "./options.ts";
import { rerank } from "./rerank.ts";

const operations: { readonly [T in TaskId]?: Operation<T> } = {
  "text-embeddings": embed,
  "text-classification": classify,
  reranking: rerank,
};

/** The largest delay of a timer; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

/**
 * Embeds, classifies and ranks texts with ONNX graphs on the CPU. A model is a folder as transformers.js and Hugging Face's exporters
 * lay it out: onnx/model.onnx, tokenizer.json, config.json. Nothing is ever fetched.
 */
export function createOnnxEngine(options: OnnxOptions = {}): Engine {
  const limits = limitsOf(options);
  const shelf = createModelShelf((card) => loadModel(card, limits, options.onBatch), limits.maxModelBytes);

  async function* run<T extends TaskId>(call: Call<T>): AsyncGenerator<Part<T>> {
    if (call.signal.aborted) return;
    const operation = operations[call.task];
    if (!operation) throw new Problem("task-unsupported", `onnx does no ${call.task}`);
    const { signal, forget } = endOf(call);
    try {
      const lent = await shelf.lend(call.model);
      try {
        yield* partsOf(call, operation, lent.model, signal);
      } finally {
        lent.giveBack();
      }
    } catch (thrown) {
      if (!call.signal.aborted) throw Problem.from(thrown, `${call.model.name} could not compute this input; the server's log says why`);
    } finally {
      forget();
    }
  }

  return { name: "onnx", run, close: () => shelf.close() };
}

async function* partsOf<T extends TaskId>(
  call: Call<T>,
  operation: Operation<T>,
  model: LoadedModel,
  signal: AbortSignal,
): AsyncGenerator<Part<T>> {
  signal.throwIfAborted();
  const source = operation.source(call, model);
  const rows = operation.rows(call, model);
  const usage: Usage = { "input-token": rows.reduce((sum, { ids }) => sum + ids.length, 0) };
  yield { type: "begin", usage };
  const results = await model.batcher.run(rows, source, signal);
  yield { type: "end", usage, output: operation.output(results, call, model) };
}

/** Aborted when the caller leaves, and with `timed-out` as its reason at the deadline. */
function endOf({ signal: left, deadline, model }: Call): { signal: AbortSignal; forget: () => void } {
  const end = new AbortController();
  const leave = () => end.abort(left.reason);
  const late = () => end.abort(new Problem("timed-out", `${model.name} did not end before the deadline`));
  const remaining = deadline - Date.now();
  const timer = setTimeout(late, Math.min(longestDelay, remaining));
  if (remaining <= 0) late();
  left.addEventListener("abort", leave, { once: true });
  return {
    signal: end.signal,
    forget() {
      clearTimeout(timer);
      left.removeEventListener("abort", leave);
    },
  };
}
