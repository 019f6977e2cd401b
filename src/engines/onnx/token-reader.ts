import { Tokenizer } from "@huggingface/tokenizers";
import type { ModelFolder } from "./folder.ts";

/** What a model reads of one text, or of a text and its pair. */
export interface Row {
  readonly ids: readonly number[];
  /** 0 for the first text and what frames it, 1 for the second. */
  readonly types: readonly number[];
}

/** Turns texts into a model's own tokens, the special ones included, and cuts them at a limit as the model's authors do. */
export type TokenReader = (text: string, pair: string | undefined, limit: number) => Row;

type Tokens = string[];

/** @throws Error of the library for a tokenizer.json that it cannot use */
export function createTokenReader({ tokenizer: json, tokenizerConfig }: ModelFolder): TokenReader {
  const tokenizer = new Tokenizer(json, tokenizerConfig);
  const framed = (first: Tokens, second: Tokens | null): { tokens: Tokens; token_type_ids?: number[] } =>
    tokenizer.post_processor?.(first, second, true) ?? { tokens: [...first, ...(second ?? [])] };
  const frame = framed([], null).tokens.length;
  const frameOfPair = framed([], []).tokens.length;

  function plain(text: string, limit: number): Tokens {
    return tokenizer.tokenize(text, { add_special_tokens: false }).slice(0, limit);
  }

  return (text, pair, limit) => {
    const room = Math.max(0, limit - (pair === undefined ? frame : frameOfPair));
    const first = firstTokens(text, room, plain);
    const second = pair === undefined ? null : firstTokens(pair, room, plain);
    if (second) shorten(first, second, room);
    const { tokens, token_type_ids: types } = framed(first, second);
    const ids = tokens.map((token) => tokenizer.token_to_id(token) ?? tokenizer.model.unk_token_id ?? 0);
    return { ids, types: types ?? ids.map(() => 0) };
  };
}

/** Takes tokens off the end of the longer one until both fit. */
function shorten(first: Tokens, second: Tokens, room: number): void {
  const over = first.length + second.length - room;
  if (over <= 0) return;
  const half = Math.floor(room / 2);
  if (first.length <= half) second.length -= over;
  else if (second.length <= half) first.length -= over;
  else {
    first.length = room - half;
    second.length = half;
  }
}

/**
 * The first tokens of a text, without reading all of a long one: a tokenizer looks hardly further than a word, so the first tokens of a
 * long enough beginning are the first tokens of the whole.
 */
function firstTokens(text: string, limit: number, plain: (text: string, limit: number) => Tokens): Tokens {
  for (let length = limit * 16 + 256; length < text.length; length *= 2) {
    const tokens = plain(beginningOf(text, length), Infinity);
    if (tokens.length >= limit + 32) return tokens.slice(0, limit);
  }
  return plain(text, limit);
}

/** Cut at white space where there is some, and never inside a character. */
function beginningOf(text: string, length: number): string {
  const beginning = text.slice(0, length);
  const space = beginning.search(/\s\S*$/);
  return space > length / 2 ? beginning.slice(0, space) : beginning.replace(/[\uD800-\uDBFF]$/, "");
}
