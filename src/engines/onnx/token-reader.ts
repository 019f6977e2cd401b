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

  const plain = (text: string) => tokenizer.tokenize(text, { add_special_tokens: false });

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

/** Characters that are read at a time: the library's time and stack grow faster than a text does. */
const pieceLength = 4096;

/** Characters that are read for each token that a model takes, at most: what needs more is white space, or in no alphabet of the model's. */
const charactersPerToken = 64;

/**
 * The first tokens of a text, without reading all of a long one. A text is read in pieces that end before white space, where a tokenizer
 * begins anew anyway.
 */
export function firstTokens(text: string, limit: number, plain: (text: string) => Tokens): Tokens {
  const end = Math.min(text.length, limit * charactersPerToken);
  const tokens: Tokens = [];
  for (let at = 0; at < end && tokens.length < limit;) {
    const piece = beginningOf(text.slice(at, at + pieceLength));
    for (const token of plain(piece)) tokens.push(token);
    at += piece.length;
  }
  return tokens.slice(0, limit);
}

/** Of a piece that is cut off: up to its last white space, or at least without half a character. */
function beginningOf(piece: string): string {
  if (piece.length < pieceLength) return piece;
  const space = piece.search(/\s\S*$/);
  return space > 0 ? piece.slice(0, space) : piece.replace(/[\uD800-\uDBFF]$/, "");
}
