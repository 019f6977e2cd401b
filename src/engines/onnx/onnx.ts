import { Problem, type Call, type Engine, type Part, type TaskId } from "../../core/index.ts";
import { classify } from "./classify.ts";
import { draw } from "./diffusion/draw.ts";
import { embed } from "./embed.ts";
import { createModelShelf } from "./model-shelf.ts";
import { limitsOf, type OnnxOptions } from "./options.ts";
import { describePicture } from "./pictures/describe-picture.ts";
import { findInPicture } from "./pictures/find-in-picture.ts";
import { namePicture } from "./pictures/name-picture.ts";
import { readsText } from "./reads-text.ts";
import { rerank } from "./rerank.ts";
import { listen } from "./speech/listen.ts";
import { summarize } from "./text-to-text/summarize.ts";
import { translate } from "./text-to-text/translate.ts";
import type { Work } from "./work.ts";

const works: { readonly [T in TaskId]?: Work<T> } = {
  "text-embeddings": readsText(embed),
  "text-classification": readsText(classify),
  reranking: readsText(rerank),
  translation: translate,
  summarization: summarize,
  "automatic-speech-recognition": listen,
  "image-classification": namePicture,
  "object-detection": findInPicture,
  "text-to-image": draw,
  "image-to-text": describePicture,
};

/** The largest delay of a timer; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

/**
 * Runs ONNX graphs on the CPU: embeds, classifies, ranks, translates and sums up texts, writes down speech, and names, searches, describes
 * and draws pictures. A model is a folder as transformers.js, diffusers and Hugging Face's exporters lay it out. Nothing is ever fetched.
 */
export function createOnnxEngine(options: OnnxOptions = {}): Engine {
  const shelf = createModelShelf({ ...limitsOf(options), ...(options.onBatch && { onBatch: options.onBatch }) });

  async function* run<T extends TaskId>(call: Call<T>): AsyncGenerator<Part<T>> {
    if (call.signal.aborted) return;
    const work = works[call.task];
    if (!work) throw new Problem("task-unsupported", `onnx does no ${call.task}`);
    const { signal, forget } = endOf(call);
    try {
      const lent = await shelf.lend(call.model, work.loader);
      try {
        signal.throwIfAborted();
        yield* work.run(call, lent.model, signal);
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
