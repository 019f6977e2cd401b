import type { LlamaModel, Token } from "node-llama-cpp";

/** So many tokens may come out otherwise at a cut than in the whole text. */
const slack = 16;

/**
 * The first tokens of a text, without reading all of it: tokenizers of llama.cpp take minutes for megabytes of rare characters, and
 * nothing else runs in the process then. Control tokens are not read from the text.
 */
export function firstTokens(model: LlamaModel, text: string, count: number): Token[] {
  for (let characters = count + slack; characters < text.length; characters *= 2) {
    const tokens = model.tokenize(text.slice(0, characters));
    if (tokens.length >= count + slack) return tokens.slice(0, count);
  }
  return model.tokenize(text).slice(0, count);
}
