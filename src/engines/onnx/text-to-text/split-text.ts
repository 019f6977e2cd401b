import type { SentenceCutter } from "./sentences.ts";

/** A text as what is translated and what stays. Joined with the translations in their places it is whole again. */
export interface SplitText {
  /** What to translate, each by itself: no white space around it, no line breaks in it, and a letter at least. */
  readonly sentences: readonly string[];
  /** @param spaced whether words of the language that is written have spaces between them */
  join(translations: readonly string[], spaced: boolean): string;
}

interface Piece {
  readonly before: string;
  /** Index in `sentences`; undefined: the piece is only what is before. */
  readonly sentence: number | undefined;
  readonly after: string;
}

/**
 * Lines stay lines, sentences are taken one by one, and what is not words stays as it is: white space, numbers, signs.
 *
 * @param rest called between pieces of work, so that a long text holds nobody up
 */
export async function splitText(
  text: string,
  language: string,
  cut: SentenceCutter,
  rest: () => Promise<void> | undefined,
): Promise<SplitText> {
  const sentences: string[] = [];
  const pieces: Piece[] = [];
  for (const line of wellFormed(text).split(/([\n\r\u0085\u2028\u2029]+)/)) {
    await rest();
    if (!/\p{L}/u.test(line)) {
      pieces.push({ before: line, sentence: undefined, after: "" });
      continue;
    }
    for (const found of cut(line, language)) {
      const core = found.trim();
      const at = found.indexOf(core);
      if (!/\p{L}/u.test(core)) pieces.push({ before: found, sentence: undefined, after: "" });
      else pieces.push({ before: found.slice(0, at), sentence: sentences.push(core) - 1, after: found.slice(at + core.length) });
    }
  }

  return {
    sentences,
    join(translations, spaced) {
      return pieces
        .map(({ before, sentence, after }, i) => {
          if (sentence === undefined) return before;
          // Between two sentences that were written without a space, as Chinese is.
          const next = pieces[i + 1];
          const gap = spaced && after === "" && next?.sentence !== undefined && next.before === "" ? " " : after;
          return before + (translations[sentence] ?? "") + gap;
        })
        .join("");
    },
  };
}

/** Written without spaces between sentences. */
export const unspacedLanguages: ReadonlySet<string> = new Set(["zh", "ja", "th", "lo", "km", "my"]);

/** Half characters, which no tokenizer reads, become the sign for what cannot be read. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
