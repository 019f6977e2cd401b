import { mostTranslationTokens, Problem, type Call, type ModelCard, type Part, type Usage } from "../../../core/index.ts";
import type { Work } from "../work.ts";
import { cutToFit, type SentencePart } from "./cut-to-fit.ts";
import { pairOf, type LanguagePair } from "./languages.ts";
import { createRest } from "./rest.ts";
import type { Written } from "./search.ts";
import { loadSentenceCutter } from "./sentences.ts";
import { splitText, unspacedLanguages } from "./split-text.ts";
import { textToTextModels, type TextToTextModel } from "./text-to-text-model.ts";
import type { Source } from "./writer.ts";

/**
 * Texts in another language, sentence by sentence: translators are trained on single sentences, and of several at once they leave some
 * out. Sentences of all texts, and of other calls, run in common batches.
 */
export const translate: Work<"translation", TextToTextModel> = { loader: textToTextModels, run };

async function* run(
  { input, model: card }: Call<"translation">,
  model: TextToTextModel,
  signal: AbortSignal,
): AsyncGenerator<Part<"translation">> {
  if (!model.languages) throw new Problem("engine-failed", `the files of ${card.name} do not say which languages it translates`);
  const pair = pairOf(model.languages, card.name, input);
  const plan = planner(model, card, pair, signal);
  const plans: Plan[] = [];
  for (const text of input.text) plans.push(await plan(text));
  const sources = plans.flatMap((one) => one.sources);
  const read: Usage = { "input-token": sources.reduce((sum, { ids }) => sum + ids.length, 0) };
  yield { type: "begin", usage: read };
  const written = await writtenFor(sources, model, signal);
  let next = 0;
  const translations = plans.map((one) => one.join(written.slice(next, (next += one.sources.length))));
  const usage = { ...read, "output-token": written.reduce((sum, { made }) => sum + made, 0) };
  yield { type: "end", usage, output: { translations } };
}

/** Sentences of one call that wait together: a batch is put together by looking at all that wait. */
const together = 256;

/** The longest first, so that those of like length share batches. */
async function writtenFor(sources: readonly Source[], { batcher }: TextToTextModel, signal: AbortSignal): Promise<readonly Written[]> {
  const order = [...sources.entries()].toSorted(([, a], [, b]) => b.ids.length - a.ids.length);
  const written: Written[] = [];
  for (let at = 0; at < order.length; at += together) {
    const some = order.slice(at, at + together);
    const made = await batcher.run(
      some.map(([, source]) => source),
      signal,
    );
    for (const [i, one] of made.entries()) written[some[i]?.[0] ?? 0] = one;
  }
  return written;
}

/** What a model reads for one text, and what becomes of what it writes. */
interface Plan {
  readonly sources: readonly Source[];
  join(written: readonly Written[]): string;
}

function planner(model: TextToTextModel, card: ModelCard, pair: LanguagePair, signal: AbortSignal): (text: string) => Promise<Plan> {
  const { tokens } = model;
  const rest = createRest(signal);
  const sourceOf = sourceMaker(model, card, pair);
  const room = model.positions(card) - sourceOf([], 0).ids.length;
  const spaced = unspacedLanguages.has(pair.source) && !unspacedLanguages.has(pair.target);

  return async (text) => {
    if (pair.source === pair.target) return { sources: [], join: () => text };
    const split = await splitText(text, pair.source, await loadSentenceCutter(), rest);
    const sentences: (readonly SentencePart[])[] = [];
    for (const sentence of split.sentences) {
      await rest();
      sentences.push(cutToFit(sentence, room, tokens));
    }
    const parts = sentences.flat();
    // All together no more than the task allows for the whole text.
    const spare = mostTranslationTokens("");
    const share = Math.floor(spare / parts.length);
    return {
      sources: parts.map(({ text: part, ids }) => sourceOf(ids, mostTranslationTokens(part) - spare + share)),
      join(written) {
        let next = 0;
        const translations = sentences.map((own) => own.map(({ after }) => tokens.decode(written[next++]?.tokens ?? []) + after).join(""));
        return split.join(translations, spaced);
      },
    };
  };
}

/** How a model is told which languages it reads and writes. */
function sourceMaker({ tokens, generation, languages, positions }: TextToTextModel, card: ModelCard, pair: LanguagePair) {
  const told = languages && "told" in languages ? languages.told : undefined;
  const [start = 0] = generation.first;
  const [end = 0] = generation.choosing.ends;
  const first = told ? [start, told.get(pair.target) ?? 0] : generation.first;
  const before = told?.get(pair.source) ?? 0;
  return (ids: readonly number[], allowed: number): Source => ({
    ids: told ? [before, ...ids, end] : tokens.framed(ids),
    first,
    least: generation.minLength - first.length + 1,
    // No translation is many times as long as its source: one that goes on like that has lost its way.
    most: Math.max(1, Math.min(allowed, positions(card) - first.length, 3 * ids.length + 16)),
  });
}
