import { decodeText } from "./decode-text.ts";
import type { ReadText } from "./read-text.ts";

/** XML and JSON as they are: what reads Markdown reads them too, and no entity of theirs is ever followed. */
export const readPlain: ReadText = async ({ file, format, options }) => {
  const text = decodeText(file.bytes, file.mediaType).trim();
  if (format.kind === "json") JSON.parse(text);
  return options.writing === "text" ? text : fenced(text, format.kind);
};

/** A block of code, behind a fence that is longer than any in it. */
export function fenced(text: string, language: string): string {
  const longest = (text.match(/`{3,}/g) ?? []).reduce((most, { length }) => Math.max(most, length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
