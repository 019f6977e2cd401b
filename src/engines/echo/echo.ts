import {
  type Call,
  type Delta,
  type Engine,
  mostTokensOf,
  type Part,
  Problem,
  type TaskId,
  textOf,
  type TextGenerationInput,
  type TextGenerationOutput,
  type ToolCall,
  type Usage,
} from "../../core/index.ts";

export interface EchoOptions {
  /** Waits before each word, so that a stream can be watched or left; default: not at all. */
  readonly pause?: (signal: AbortSignal) => Promise<void>;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/**
 * Says back what it got, word by word, for demonstrations and for tests of everything above the engine seam. A token is a word.
 *
 * `<think>…</think>` at the beginning becomes reasoning, and `call NAME {json}` becomes a call of the tool NAME, if there is one.
 */
export function createEchoEngine({ pause = async () => {}, now = Date.now }: EchoOptions = {}): Engine {
  async function* run<T extends TaskId>(call: Call<T>): AsyncGenerator<Part<T>> {
    if (call.task !== "text-generation") throw new Problem("task-unsupported", `echo does no ${call.task}`);
    // The task was compared just now, so input and parts are those of text generation.
    yield* generate(call as unknown as Call<"text-generation">, { pause, now }) as AsyncGenerator<Part<T>>;
  }
  return { name: "echo", run, close: async () => {} };
}

async function* generate(
  { input, model, signal, deadline }: Call<"text-generation">,
  { pause, now }: Required<EchoOptions>,
): AsyncGenerator<Part<"text-generation">> {
  if (signal.aborted) return;
  const prompt = wordsOf(input.prompt ?? (input.messages ?? []).map(textOf).join("\n")).length;
  let made = 0;
  const usage = (): Usage => ({ "input-token": prompt, "output-token": made });
  yield { type: "begin", usage: { "input-token": prompt } };

  const limit = mostTokensOf(input, model);
  const output: TextGenerationOutput = { text: "", tool_calls: [], finish_reason: "stop" };
  for (const delta of answerTo(input)) {
    if (made >= limit) {
      output.finish_reason = "length";
      break;
    }
    await pause(signal);
    if (signal.aborted) return;
    if (now() > deadline) throw new Problem("timed-out", "the answer did not end before its deadline");
    made++;
    if (delta.text !== undefined) output.text += delta.text;
    if (delta.reasoning !== undefined) output.reasoning = (output.reasoning ?? "") + delta.reasoning;
    if (delta.tool_call) addTo(output.tool_calls, delta.tool_call);
    yield { type: "delta", usage: usage(), delta };
  }
  if (signal.aborted) return;
  if (output.tool_calls.length > 0 && output.finish_reason === "stop") output.finish_reason = "tool_calls";
  yield { type: "end", usage: usage(), output };
}

function* answerTo(input: TextGenerationInput): Generator<Delta<"text-generation">> {
  const said = input.prompt ?? textOf(input.messages?.findLast(({ role }) => role === "user") ?? { role: "user", content: "" });
  const [, name = "", json = "{}"] = /^call (\S+)\s*(.*)$/s.exec(said) ?? [];
  if (input.tool_choice !== "none" && input.tools?.some((tool) => tool.name === name)) {
    yield { tool_call: { index: 0, id: `call_${name}`, name, arguments: "" } };
    for (const piece of wordsOf(json)) yield { tool_call: { index: 0, arguments: piece } };
    return;
  }
  const [, thought = "", rest = said] = /^<think>(.*?)<\/think>(.*)$/s.exec(said) ?? [];
  for (const word of wordsOf(thought)) yield { reasoning: word };
  for (const word of wordsOf(untilStop(rest, input.stop ?? []))) yield { text: word };
}

function untilStop(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

/** Words with the white space before them; joined they are the text. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

function addTo(calls: ToolCall[], { index, id, name, arguments: piece }: NonNullable<Delta<"text-generation">["tool_call"]>): void {
  const call = (calls[index] ??= { id: id ?? "", name: name ?? "", arguments: "" });
  call.arguments += piece;
}
