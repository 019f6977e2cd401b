import type { TextTokens } from "./text-tokens.ts";

/** A part of a sentence that a model can read, and the white space after it. */
export interface SentencePart {
  readonly text: string;
  readonly ids: readonly number[];
  readonly after: string;
}

/** Characters of a part, at most: a tokenizer's time grows faster than a text does. */
const mostCharacters = 2048;

/**
 * A sentence in parts of at most `room` tokens: whole, if it fits, else cut before white space where there is some. Joined with the white
 * space after them the parts are the sentence.
 */
export function cutToFit(sentence: string, room: number, { encode }: TextTokens): SentencePart[] {
  const parts: SentencePart[] = [];
  const space = /\s*/y;
  let length = mostCharacters;
  for (let at = 0; at < sentence.length;) {
    const text = beginning(sentence, at, length);
    const ids = encode(text);
    if (ids.length > room && text.length > 2) {
      length = Math.max(2, Math.floor(text.length * Math.min(0.75, room / ids.length)));
      continue;
    }
    at += text.length;
    space.lastIndex = at;
    const [after = ""] = space.exec(sentence) ?? [];
    at += after.length;
    parts.push({ text, ids: ids.slice(0, room), after });
  }
  return parts;
}

/** Up to `length` units from `at`: all, or up to the last white space, or at least no half character. */
function beginning(sentence: string, at: number, length: number): string {
  const text = sentence.slice(at, at + length);
  if (at + length >= sentence.length) return text;
  const space = text.search(/\s\S*$/);
  if (space > 0) return text.slice(0, space).trimEnd() || text;
  return text.replace(/[\uD800-\uDBFF]$/, "");
}
