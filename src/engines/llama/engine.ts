import type { Llama } from "node-llama-cpp";
import { Problem, type Call, type Engine, type Part, type TaskId } from "../../core/index.ts";
import { loadModel, startLlama, type LoadedModel } from "./loaded-model.ts";
import { rankTexts } from "./reranking.ts";
import { llamaSettings, type LlamaSettings } from "./settings.ts";
import { embedTexts } from "./text-embeddings.ts";
import { generateText } from "./text-generation.ts";
import { ggufOf } from "./weights.ts";

type Operation<T extends TaskId> = (loaded: LoadedModel, call: Call<T>, signal: AbortSignal) => AsyncIterable<Part<T>>;

const operations: { readonly [T in TaskId]?: Operation<T> } = {
  "text-generation": generateText,
  "text-embeddings": embedTexts,
  reranking: rankTexts,
};

/**
 * Runs GGUF models with llama.cpp, in this process: a file that llama.cpp cannot bear takes the process with it, so the server runs this
 * engine in children (`createLlamaProcessEngine`).
 */
export function createLlamaEngine(given: Partial<LlamaSettings> = {}): Engine {
  const settings = llamaSettings(given);
  const models = new Map<string, Promise<LoadedModel>>();
  let llama: Promise<Llama> | undefined;
  let closed: Promise<void> | undefined;

  function loaded(call: Call): Promise<LoadedModel> {
    const path = ggufOf(call.model);
    const known = models.get(path);
    if (known) return known;
    llama ??= startLlama(settings);
    const loading = llama.then((started) => loadModel(started, path, call.model.name, settings));
    models.set(path, loading);
    loading.catch(() => models.delete(path)); // the file may be mended by the next call
    return loading;
  }

  async function* run<T extends TaskId>(call: Call<T>): AsyncGenerator<Part<T>> {
    if (call.signal.aborted) return;
    const operation = operations[call.task] as Operation<T> | undefined; // the table has for each task an operation of that task
    if (!operation) throw new Problem("task-unsupported", `llama.cpp does not do ${call.task}`);
    if (closed) throw new Problem("engine-failed", "the engine is closed");
    const watch = watchOver(call);
    try {
      const model = await Promise.race([loaded(call), watch.over]);
      if (model) {
        for await (const part of operation(model, call, watch.signal)) {
          if (watch.signal.aborted) break;
          yield part;
          if (watch.signal.aborted) break;
        }
      }
    } catch (thrown) {
      if (!watch.signal.aborted) throw Problem.from(thrown);
    } finally {
      watch.end();
    }
    if (watch.late && !call.signal.aborted) throw new Problem("timed-out", `${call.model.name} did not end before the deadline`);
  }

  /** The library's own `dispose` waits for ever after a model that could not be loaded; what holds memory are the models. */
  async function close(): Promise<void> {
    closed ??= Promise.allSettled([...models.values()].map(async (loading) => (await loading).dispose())).then(() => {});
    await closed;
  }

  return { name: "llama", run, close };
}

/** One signal for both ends of a call: the caller has gone, or the deadline has passed. */
function watchOver({ signal, deadline }: Call) {
  const watching = new AbortController();
  let late = false;
  const leave = () => watching.abort();
  const expire = () => {
    late = true;
    watching.abort();
  };
  const left = deadline - Date.now();
  const timer = left > 0 ? setTimeout(expire, Math.min(left, 2 ** 31 - 1)) : undefined;
  if (left <= 0) expire();
  signal.addEventListener("abort", leave);
  return {
    signal: watching.signal,
    over: new Promise<undefined>((resolve) => {
      if (watching.signal.aborted) resolve(undefined);
      watching.signal.addEventListener("abort", () => resolve(undefined));
    }),
    get late() {
      return late;
    },
    end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
    },
  };
}
