import {
  type Call,
  type Delta,
  mostTokensOf,
  type Part,
  Problem,
  textOf,
  type TextGenerationInput,
  type TextGenerationOutput,
  type ToolCall,
  type Usage,
} from "../../core/index.ts";
import type { EchoOptions } from "./options.ts";
import { wordsOf } from "./words.ts";

/** Words after which everybody else has a turn: echo runs on the thread that answers them. */
const wordsPerTurn = 1_000;

/**
 * The last message, word by word. `<think>…</think>` at its beginning becomes reasoning, `call NAME {json}` becomes a call of the tool
 * NAME, if there is one, and at the word `<fail/>` the engine fails, so that clients can be shown an answer that breaks off.
 */
export async function* generate(
  { input, model, signal, deadline }: Call<"text-generation">,
  { pause, now }: Required<EchoOptions>,
): AsyncGenerator<Part<"text-generation">> {
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
    if (made % wordsPerTurn === wordsPerTurn - 1) await new Promise((resolve) => setTimeout(resolve));
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
  for (const word of wordsOf(untilStop(rest, input.stop ?? []))) {
    if (word.trim() === "<fail/>") throw new Problem("engine-failed", "echo failed where the text told it to");
    yield { text: word };
  }
}

function untilStop(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

function addTo(calls: ToolCall[], { index, id, name, arguments: piece }: NonNullable<Delta<"text-generation">["tool_call"]>): void {
  const call = (calls[index] ??= { id: id ?? "", name: name ?? "", arguments: "" });
  call.arguments += piece;
}
