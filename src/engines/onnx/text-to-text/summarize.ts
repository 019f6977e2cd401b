import type { Call, Part, Usage } from "../../../core/index.ts";
import type { Work } from "../work.ts";
import { wellFormed } from "./split-text.ts";
import { textToTextModels, type TextToTextModel } from "./text-to-text-model.ts";

/** A long text made short. What is longer than the model can read is cut off, as its authors do. */
export const summarize: Work<"summarization", TextToTextModel> = { loader: textToTextModels, run };

async function* run(
  { input, model: card }: Call<"summarization">,
  model: TextToTextModel,
  signal: AbortSignal,
): AsyncGenerator<Part<"summarization">> {
  const { tokens, generation } = model;
  const { first, minLength } = generation;
  const text = wellFormed(input.input_text).trim();
  const positions = model.positions(card);
  const ids = text === "" ? [] : tokens.framed(tokens.encode(text, positions - tokens.framed([]).length));
  const read: Usage = { "input-token": ids.length };
  yield { type: "begin", usage: read };
  if (text === "") {
    yield { type: "end", usage: { ...read, "output-token": 0 }, output: { summary: "" } };
    return;
  }
  const most = Math.max(1, Math.min(input.max_length, positions - first.length));
  const least = Math.min(minLength - first.length + 1, most, ids.length); // a short text is not blown up
  const [written] = await model.batcher.run([{ ids, first, least, most }], signal);
  const usage = { ...read, "output-token": written?.made ?? 0 };
  yield { type: "end", usage, output: { summary: tokens.decode(written?.tokens ?? []) } };
}
