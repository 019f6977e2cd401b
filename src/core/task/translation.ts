import * as z from "zod";
import { bytesOf, defineTask, type WireForm } from "./task.ts";

const input = z.object({
  text: z.string().min(1),
  /** A code (`es`, `zh`) or an English name (`spanish`); absent: English, as Workers AI has it. */
  source_lang: z.string().min(1).max(40).optional(),
  target_lang: z.string().min(1).max(40),
});
const output = z.object({ translated_text: z.string() });

export type TranslationInput = z.output<typeof input>;

const translationBody = z.object({ text: z.string().min(1), source_lang: z.string().min(1).nullish(), target_lang: z.string().min(1) });

/** Source: developers.cloudflare.com/workers-ai/models/m2m100-1.2b, seen 2026-10. */
const translatedText: WireForm<TranslationInput, never, z.output<typeof output>> = {
  input: translationBody,
  output,
  read(sent) {
    const { text, source_lang: source, target_lang: target } = translationBody.parse(sent);
    return { text, source_lang: source ?? undefined, target_lang: target };
  },
  write: ({ translated_text: text }) => ({ translated_text: text }),
};

/** No translation that is worth its name is longer: the engines stop there. */
export const mostTranslationTokens = (text: string): number => 3 * bytesOf(text) + 64;

/** A text in, the same in another language out. */
export const translation = defineTask({
  label: "Translation",
  id: "f57d07cb-9087-487a-bbbf-bc3e17fecc4b",
  description: "Writes a text in another language",
  input,
  delta: z.never(),
  output,
  bound: ({ text }) => ({ "input-token": 2 * bytesOf(text) + 64, "output-token": mostTranslationTokens(text) }),
  wire: { "translated-text": translatedText },
});
