import { Problem } from "../../core/index.ts";
import type { DocumentFormat } from "../index.ts";
import type { ReaderLimits } from "./messages.ts";

/** For a file that its parser cannot make sense of. */
export function broken({ extension }: Pick<DocumentFormat, "extension">): string {
  return `the file is damaged, or is no ${extension.slice(1)} file`;
}

export function tooSlow({ time }: ReaderLimits): string {
  return `reading the file took longer than ${time / 1000} seconds`;
}

export function tooMuchMemory({ memory }: ReaderLimits): string {
  return `reading the file takes more than ${Math.round(memory / 1_000_000)} MB of memory`;
}

/** What recursive parsers run into. */
export const tooDeep = "the document is nested too deeply, or too large";

export function tooLong({ characters }: ReaderLimits): Problem {
  return new Problem("bad-input", `the text of the document has more than ${characters} characters`);
}
