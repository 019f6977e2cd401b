import type { Call, Part } from "../../core/index.ts";
import type { EchoOptions } from "./options.ts";
import { wordsOf } from "./words.ts";

/** Each text as it was. */
export async function* translate(
  { input, signal }: Call<"translation">,
  { pause }: Required<EchoOptions>,
): AsyncGenerator<Part<"translation">> {
  const words = input.text.reduce((sum, text) => sum + wordsOf(text).length, 0);
  yield { type: "begin", usage: { "input-token": words } };
  await pause(signal);
  if (signal.aborted) return;
  yield { type: "end", usage: { "input-token": words, "output-token": words }, output: { translations: [...input.text] } };
}
