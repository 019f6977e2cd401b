import * as z from "zod";
import { parseSent } from "../sent.ts";
import { bytesOf, defineTask, type WireForm } from "./task.ts";

const input = z.object({
  /** Each is translated by itself; white space around and between sentences stays as it is. */
  text: z.array(z.string().min(1)).min(1).max(1000),
  /** A code (`es`, `zh`) or an English name (`spanish`); absent: English, as Workers AI has it. */
  source_lang: z.string().min(1).max(40).optional(),
  target_lang: z.string().min(1).max(40),
});
/** `translations[i]` is of `text[i]`. */
const output = z.object({ translations: z.array(z.string()) });

export type TranslationInput = z.output<typeof input>;

const translationBody = z.object({
  text: z.string().min(1),
  source_lang: z.string().min(1).max(40).nullish(),
  target_lang: z.string().min(1).max(40),
});

/** Source: developers.cloudflare.com/workers-ai/models/m2m100-1.2b, seen 2026-10. */
const translatedText: WireForm<TranslationInput, never, z.output<typeof output>> = {
  input: translationBody,
  output: z.object({ translated_text: z.string() }),
  read(sent) {
    const { text, source_lang: source, target_lang: target } = parseSent(translationBody, sent);
    return { text: [text], source_lang: source ?? undefined, target_lang: target };
  },
  write: ({ translations }) => ({ translated_text: translations.join("\n") }),
};

/** No translation that is worth its name is longer, in tokens: the engines stop there. */
export const mostTranslationTokens = (text: string): number => 3 * bytesOf(text) + 64;

const sumOver = (texts: readonly string[], tokens: (text: string) => number) => texts.reduce((sum, text) => sum + tokens(text), 0);

/** Texts in, the same in another language out. */
export const translation = defineTask({
  label: "Translation",
  id: "f57d07cb-9087-487a-bbbf-bc3e17fecc4b",
  description: "Writes a text in another language",
  input,
  delta: z.never(),
  output,
  bound: ({ text }) => ({
    "input-token": sumOver(text, (one) => 2 * bytesOf(one) + 64),
    "output-token": sumOver(text, mostTranslationTokens),
  }),
  wire: { "translated-text": translatedText },
});
