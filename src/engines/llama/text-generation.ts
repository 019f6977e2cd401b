import { randomBytes, randomInt } from "node:crypto";
import {
  LlamaGrammarEvaluationState,
  type LlamaContextSequence,
  type LlamaGrammar,
  type SequenceEvaluateOptions,
  type Token,
} from "node-llama-cpp";
import {
  Problem,
  type Call,
  type Part,
  type TextGenerationInput,
  type TextGenerationOutput,
  type TokenLogprob,
  type Usage,
} from "../../core/index.ts";
import { createAnswerReader, type AnswerPiece, type AnswerReader } from "./answer-reader.ts";
import { createDetokenizer } from "./detokenizer.ts";
import { createJsonScanner } from "./json-scanner.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Prompt } from "./prompt.ts";
import { createStopStrings } from "./stop-strings.ts";

type TextPart = Part<"text-generation">;
type TextDelta = Extract<TextPart, { type: "delta" }>["delta"];

/** Prompt tokens that are computed between two looks at the signal: native code does not stop inside. */
const sliceTokens = 64;

/** Answers a prompt or a conversation. Ends without an `end` part when the signal is aborted. */
export async function* generateText(loaded: LoadedModel, call: Call<"text-generation">, signal: AbortSignal): AsyncGenerator<TextPart> {
  const { input } = call;
  const { contextTokens, slots } = await loaded.generation();
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
    await prefill(sequence, prompt.tokens, cached, signal);
    if (signal.aborted) return;
    yield* answer({ loaded, input, prompt, grammars, sequence, limit, promptUsage, signal });
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

/** What holds an answer to a form: all of it, or each of its tool calls. */
interface AnswerGrammars {
  readonly whole: LlamaGrammar | undefined;
  readonly calls: LlamaGrammar | undefined;
}

async function grammarsFor({ grammars }: LoadedModel, input: TextGenerationInput, prompt: Prompt): Promise<AnswerGrammars> {
  const { response_format: form, tool_choice: choice, tools = [] } = input;
  if (prompt.begins === "call") {
    const named = tools.filter(({ name }) => typeof choice !== "object" || name === choice.name);
    if (named.length === 0)
      throw new Problem("bad-input", "tool_choice names a function that is not among the tools", { details: { field: "/tool_choice" } });
    return { whole: undefined, calls: await grammars.forCalls(named) };
  }
  if (form)
    return { whole: await (form.type === "json_schema" ? grammars.forSchema(form.schema) : grammars.forAnyObject()), calls: undefined };
  return { whole: undefined, calls: prompt.offersTools && prompt.format.calls ? await grammars.forCalls(tools) : undefined };
}

async function prefill(sequence: LlamaContextSequence, tokens: readonly Token[], cached: number, signal: AbortSignal): Promise<void> {
  await sequence.adaptStateToTokens(tokens.slice(0, cached), false);
  for (let at = cached; at < tokens.length - 1 && !signal.aborted; at += sliceTokens) {
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, Math.min(at + sliceTokens, tokens.length - 1)));
  }
}

interface Answer {
  readonly loaded: LoadedModel;
  readonly input: TextGenerationInput;
  readonly prompt: Prompt;
  readonly grammars: AnswerGrammars;
  readonly sequence: LlamaContextSequence;
  readonly limit: number;
  readonly promptUsage: Usage;
  readonly signal: AbortSignal;
}

async function* answer({ loaded, input, prompt, grammars, sequence, limit, promptUsage, signal }: Answer): AsyncGenerator<TextPart> {
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
  const tokens = sequence.evaluateWithMetadata(prompt.tokens.slice(-1), logprobs ?? {}, samplingOf(input, made, hold.state));
  try {
    for (;;) {
      const next = await tokens.next();
      if (signal.aborted) return;
      if (next.done) {
        ended = "stop";
        break;
      }
      const { token } = next.value;
      made.push(token);
      if (logprobs) collected.weigh(logprobOf(next.value, input.top_logprobs ?? 0, loaded), reader.state === "text");
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
    if (hold.active) throw new Problem("json-mode-unmet", "the model found no way on that fits the JSON schema", { cause });
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

/** Puts the right grammar in force before each token. */
function createHold({ model }: LoadedModel, grammars: AnswerGrammars, reader: AnswerReader) {
  const begin = (grammar: LlamaGrammar) => new LlamaGrammarEvaluationState({ model, grammar });
  const json = createJsonScanner();
  const whole = grammars.whole && begin(grammars.whole);
  let call: LlamaGrammarEvaluationState | undefined;

  function holdCall(): void {
    if (!grammars.calls || !reader.awaitsHold) return;
    reader.hold();
    call = begin(grammars.calls);
  }
  holdCall(); // a forced call begins in the prompt

  return {
    get active() {
      return (whole ?? call) !== undefined;
    },
    state: () => (reader.state === "thinking" ? undefined : (whole ?? call)),
    /** Follows what was written, and says what became whole with it. */
    follow(pieces: readonly AnswerPiece[]): "answer" | "call" | undefined {
      if (whole) {
        for (const { text = "" } of pieces) for (let i = 0; i < text.length; i++) json.push(text.charAt(i));
        return json.complete ? "answer" : undefined;
      }
      const ends = call !== undefined && !reader.holds;
      if (ends) call = undefined;
      holdCall();
      return ends ? "call" : undefined;
    },
  };
}

/** Gathers the pieces of an answer into deltas and, at the end, into the output. */
function collectOutput(input: TextGenerationInput) {
  const stops = createStopStrings(input.stop ?? []);
  const calls: { id: string; name: string; arguments: string }[] = [];
  const all: TokenLogprob[] = [];
  let waiting: TokenLogprob[] = [];
  let text = "";
  let reasoning = "";

  function sayText(passed: string): TextDelta[] {
    if (passed === "") return [];
    text += passed;
    const logprobs = waiting;
    waiting = [];
    all.push(...logprobs);
    return [{ text: passed, ...(input.top_logprobs !== undefined && { logprobs }) }];
  }

  function deltasOf(piece: AnswerPiece): TextDelta[] {
    if (piece.text !== undefined) return sayText(stops.push(piece.text));
    if (piece.reasoning !== undefined) {
      reasoning += piece.reasoning;
      return [{ reasoning: piece.reasoning }];
    }
    if (!piece.call) return [];
    const { index, name, arguments: written } = piece.call;
    const known = calls[index];
    if (known) {
      known.arguments += written;
      return [{ tool_call: { index, arguments: written } }];
    }
    const added = { id: `call_${randomBytes(12).toString("base64url")}`, name: name ?? "", arguments: written };
    calls[index] = added;
    return [{ tool_call: { index, ...added } }];
  }

  return {
    get stopped() {
      return stops.stopped;
    },
    weigh(logprob: TokenLogprob, inText: boolean): void {
      if (inText) waiting.push(logprob);
    },
    add: (pieces: readonly AnswerPiece[]): TextDelta[] => pieces.flatMap(deltasOf),
    end: (): TextDelta[] => sayText(stops.end()),
    output: (ended: "stop" | "length"): TextGenerationOutput => ({
      text,
      ...(reasoning !== "" && { reasoning }),
      tool_calls: calls,
      finish_reason: ended === "stop" && calls.length > 0 ? "tool_calls" : ended,
      ...(input.top_logprobs !== undefined && { logprobs: all }),
    }),
  };
}

/**
 * Defaults of temperature are Workers AI's, those of top_k and top_p llama.cpp's. Penalties look at the answer, not at the prompt.
 *
 * @param made the tokens of the answer so far, read again before each token
 */
function samplingOf(
  input: TextGenerationInput,
  made: readonly Token[],
  grammarEvaluationState: () => LlamaGrammarEvaluationState | undefined,
): SequenceEvaluateOptions {
  const { repetition_penalty: repetition, frequency_penalty: frequency = 0, presence_penalty: presence = 0 } = input;
  const penalty = repetition === undefined || repetition === 0 ? 1 : repetition;
  return {
    temperature: input.temperature ?? 0.6,
    topK: input.top_k ?? 40,
    topP: input.top_p ?? 0.95,
    minP: input.min_p ?? 0,
    seed: input.seed === undefined ? randomInt(seeds) : ((input.seed % seeds) + seeds) % seeds,
    grammarEvaluationState,
    ...((penalty !== 1 || frequency !== 0 || presence !== 0) && {
      repeatPenalty: {
        punishTokens: () => made.slice(-penalizedTokens),
        maxPunishTokens: penalizedTokens,
        penalty,
        frequencyPenalty: frequency,
        presencePenalty: presence,
      },
    }),
  };
}

/** Seeds are of 32 bits, and the largest means "a random one" to llama.cpp. */
const seeds = 2 ** 32 - 1;
const penalizedTokens = 1024;

function logarithm(probability: number): number {
  return Math.log(Math.max(probability, Number.MIN_VALUE));
}

/** Of the distribution that the token was drawn from: at temperature 0 the model's own, else after temperature, top_k and top_p. */
function logprobOf(
  { token, confidence, probabilities }: { token: Token; confidence?: number; probabilities?: Map<Token, number> },
  count: number,
  { model }: LoadedModel,
): TokenLogprob {
  const textOfToken = (one: Token) => model.detokenize([one], true);
  const top: TokenLogprob["top"] = [];
  for (const [other, probability] of probabilities ?? []) {
    if (top.length >= count) break;
    top.push({ token: textOfToken(other), logprob: logarithm(probability) });
  }
  return { token: textOfToken(token), logprob: logarithm(confidence ?? probabilities?.get(token) ?? 0), top };
}
