import { randomInt } from "node:crypto";
import type { LlamaGrammarEvaluationState, LlamaModel, SequenceEvaluateOptions, Token } from "node-llama-cpp";
import type { TextGenerationInput, TokenLogprob } from "../../core/index.ts";

/**
 * Defaults of temperature are Workers AI's, those of top_k and top_p llama.cpp's. Penalties look at the answer, not at the prompt.
 *
 * @param made the tokens of the answer so far, read again before each token
 */
export function samplingOf(
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
export function logprobOf(
  { token, confidence, probabilities }: { token: Token; confidence?: number; probabilities?: Map<Token, number> },
  count: number,
  model: LlamaModel,
): TokenLogprob {
  const textOfToken = (one: Token) => model.detokenize([one], true);
  const top: TokenLogprob["top"] = [];
  for (const [other, probability] of probabilities ?? []) {
    if (top.length >= count) break;
    top.push({ token: textOfToken(other), logprob: logarithm(probability) });
  }
  return { token: textOfToken(token), logprob: logarithm(confidence ?? probabilities?.get(token) ?? 0), top };
}
