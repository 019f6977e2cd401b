import { type Call, type Engine, type Part, Problem, type TaskId } from "../../core/index.ts";
import type { EchoOptions } from "./options.ts";
import { listen, speak } from "./speech.ts";
import { generate } from "./text-generation.ts";
import { draw } from "./text-to-image.ts";
import { translate } from "./translation.ts";

export type Operation<T extends TaskId> = (call: Call<T>, options: Required<EchoOptions>) => AsyncGenerator<Part<T>>;

const operations: { readonly [T in TaskId]?: Operation<T> } = {
  "automatic-speech-recognition": listen,
  "text-generation": generate,
  "text-to-image": draw,
  "text-to-speech": speak,
  translation: translate,
};

/** Says back what it got, for demonstrations and for tests of everything above the engine seam. A token is a word. */
export function createEchoEngine({ pause = async () => {}, now = Date.now }: EchoOptions = {}): Engine {
  function run<T extends TaskId>(call: Call<T>): AsyncIterable<Part<T>> {
    const operation = operations[call.task] as Operation<T> | undefined; // the table pairs each task with its own operation
    if (!operation) throw new Problem("task-unsupported", `echo does no ${call.task}`);
    if (call.signal.aborted) return nothing();
    if (now() > call.deadline) throw new Problem("timed-out", "the answer did not end before its deadline");
    return operation(call, { pause, now });
  }
  return { name: "echo", run, close: async () => {} };
}

async function* nothing(): AsyncGenerator<never> {}
