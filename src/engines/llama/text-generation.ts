import type { LlamaContextSequence, Token } from "node-llama-cpp";
import { Problem, type Call, type Part, type TextGenerationInput, type Usage } from "../../core/index.ts";
import { createHold, grammarsFor, type AnswerGrammars } from "./answer-hold.ts";
import { collectOutput } from "./answer-output.ts";
import { createAnswerReader } from "./answer-reader.ts";
import type { Beat } from "./batching.ts";
import { createDetokenizer } from "./detokenizer.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Prompt } from "./prompt.ts";
import { logprobOf, samplingOf } from "./sampling.ts";

type TextPart = Part<"text-generation">;

/** Prompt tokens that are computed between two looks at the signal: native code does not stop inside. */
const sliceTokens = 64;

/** Answers a prompt or a conversation. Ends without an `end` part when the signal is aborted. */
export async function* generateText(loaded: LoadedModel, call: Call<"text-generation">, signal: AbortSignal): AsyncGenerator<TextPart> {
  const { input } = call;
  const { contextTokens, slots, beat } = await loaded.generation();
  const prompt = loaded.prompts.write(input, contextTokens);
  const limit = answerLimit(input, prompt.tokens.length, contextTokens);
  const grammars = await grammarsFor(loaded, input, prompt);
  const slot = await slots.take(call.account, prompt.tokens, signal);
  if (!slot) return;
  try {
    const { sequence } = slot;
    // Where earlier states cannot be restored, erasing an end means computing the whole beginning again: then it is no cache.
    const cached = sequence.needsCheckpoints && slot.cached < sequence.nextTokenIndex ? 0 : slot.cached;
    const promptUsage: Usage = { "input-token": prompt.tokens.length - cached, "cached-input-token": cached };
    yield { type: "begin", usage: promptUsage };
    if (signal.aborted) return;
    const rest = await prefill(sequence, beat, prompt.tokens, cached, signal);
    if (signal.aborted) return;
    yield* answer({ loaded, input, prompt, rest, grammars, sequence, beat, limit, promptUsage, signal });
  } finally {
    slot.release();
  }
}

/** @throws Problem context-exceeded */
function answerLimit(input: TextGenerationInput, inputTokens: number, contextTokens: number): number {
  if (inputTokens === 0) throw new Problem("bad-input", "the prompt is empty", { details: { field: "/prompt" } });
  const fits = Math.max(0, contextTokens - inputTokens);
  const asked = input.max_tokens ?? fits;
  if (fits === 0 || (input.max_tokens_stated && asked > fits)) {
    const field = fits === 0 ? (input.messages ? "/messages" : "/prompt") : "/max_tokens";
    throw new Problem(
      "context-exceeded",
      `the prompt has ${inputTokens} tokens and the context window ${contextTokens}, so max_tokens can be at most ${fits}`,
      { details: { field, contextTokens, inputTokens, maxTokensThatFit: fits } },
    );
  }
  return Math.min(asked, fits);
}

/** Computes a prompt but for its last slice, which is left to be computed together with the first token of the answer. */
async function prefill(
  sequence: LlamaContextSequence,
  beat: Beat,
  tokens: readonly Token[],
  cached: number,
  signal: AbortSignal,
): Promise<Token[]> {
  const options = { evaluationPriority: beat.priorityOf(sequence) };
  await sequence.adaptStateToTokens(tokens.slice(0, cached), false);
  let at = cached;
  for (; tokens.length - at > sliceTokens && !signal.aborted; at += sliceTokens) {
    const slice = tokens.slice(at, at + sliceTokens);
    await beat.step(() => sequence.evaluateWithoutGeneratingNewTokens(slice, options));
  }
  return tokens.slice(at);
}

interface Answer {
  readonly loaded: LoadedModel;
  readonly input: TextGenerationInput;
  readonly prompt: Prompt;
  /** The end of the prompt that is not computed yet: a token or more. */
  readonly rest: Token[];
  readonly grammars: AnswerGrammars;
  readonly sequence: LlamaContextSequence;
  readonly beat: Beat;
  readonly limit: number;
  readonly promptUsage: Usage;
  readonly signal: AbortSignal;
}

async function* answer({
  loaded,
  input,
  prompt,
  rest,
  grammars,
  sequence,
  beat,
  limit,
  promptUsage,
  signal,
}: Answer): AsyncGenerator<TextPart> {
  const { model } = loaded;
  const made: Token[] = [];
  const format = { calls: prompt.offersTools && !grammars.whole ? prompt.format.calls : undefined, thinking: prompt.format.thinking };
  const marks = [format.calls, format.thinking].flatMap((pair) => (pair ? [pair.open, pair.close] : []));
  const detokenizer = createDetokenizer(model, prompt.tokens.slice(-3), new Set(marks));
  const reader = createAnswerReader(format, prompt.begins);
  const hold = createHold(loaded, grammars, reader);
  const collected = collectOutput(input);
  const usage = (): Usage => ({ ...promptUsage, "output-token": made.length });
  const logprobs = input.top_logprobs === undefined ? undefined : { probabilities: input.top_logprobs > 0, confidence: true };

  let ended: "stop" | "length" = "length";
  const sampling = { ...samplingOf(input, made, hold.state), evaluationPriority: beat.priorityOf(sequence) };
  const tokens = sequence.evaluateWithMetadata(rest, logprobs ?? {}, sampling);
  try {
    for (;;) {
      const next = await beat.step(() => tokens.next());
      if (signal.aborted) return;
      if (next.done) {
        ended = "stop";
        break;
      }
      const { token } = next.value;
      made.push(token);
      if (logprobs) collected.weigh(logprobOf(next.value, input.top_logprobs ?? 0, model), reader.state === "text");
      const pieces = reader.push(detokenizer.push(token));
      const whole = hold.follow(pieces);
      const called = whole === "call" || (reader.calls > 0 && reader.state === "text");
      for (const delta of collected.add(pieces)) yield { type: "delta", usage: usage(), delta };
      if (collected.stopped || whole === "answer" || (called && callsOnce(input))) {
        ended = "stop";
        break;
      }
      if (made.length >= limit) break;
    }
  } catch (cause) {
    // So says the library when a grammar leaves no token at all.
    if (hold.active && cause instanceof Error && cause.message.includes("Failed to sample"))
      throw new Problem("json-mode-unmet", "the model found no way on that fits the JSON schema", { cause });
    throw cause;
  } finally {
    await tokens.return();
  }
  for (const delta of [...collected.add([...reader.push(detokenizer.end()), ...reader.end()]), ...collected.end()]) {
    yield { type: "delta", usage: usage(), delta };
  }
  yield { type: "end", usage: usage(), output: collected.output(ended) };
}

/** A named function is called once, and calls side by side come only where the client allows them. */
function callsOnce(input: TextGenerationInput): boolean {
  return typeof input.tool_choice === "object" || input.parallel_tool_calls === false;
}
