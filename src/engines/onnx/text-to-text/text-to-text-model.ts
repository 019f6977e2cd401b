import * as z from "zod";
import type { ModelCard } from "../../../core/index.ts";
import { createBatcher, type Batcher } from "../batcher.ts";
import { filesOf, madeOf, notNull } from "../model-files.ts";
import type { Loaded, Loader, LoadOptions } from "../work.ts";
import { createDecoder } from "./decoder.ts";
import { generationOf, generationSchema, type Generation } from "./generation-settings.ts";
import { openEncoderAndDecoder } from "./graph-files.ts";
import { languagesOf, type Languages, type SaidPair } from "./languages.ts";
import type { Written } from "./search.ts";
import { createTextTokens, type TextTokens } from "./text-tokens.ts";
import { createWriter, type Source } from "./writer.ts";

/** A model that reads a text and writes another, in memory. */
export interface TextToTextModel extends Loaded {
  readonly tokens: TextTokens;
  readonly generation: Generation;
  /** Undefined for one that does not translate. */
  readonly languages: Languages | undefined;
  /** Tokens that it reads, and that it writes, at most. */
  positions(card: ModelCard): number;
  readonly batcher: Batcher<Source, Written>;
}

/** Encoder-decoder models (m2m100, Marian, BART and their like) as transformers.js and Hugging Face's exporters lay them out. */
export const textToTextModels: Loader<TextToTextModel> = { make: "text-to-text", load };

const configSchema = generationSchema.extend({
  _name_or_path: z.string().nullish(),
  max_position_embeddings: z.int().nullish(),
});
const tokenizerSchema = z.looseObject({ added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).optional() });
const tokenizerConfigSchema = z.looseObject({
  model_max_length: z.number().nullish(),
  source_lang: z.string().nullish(),
  target_lang: z.string().nullish(),
});

/** Each step reads all weights for one token of each row: the more rows share it, the better. */
const mostBatchTokens = 2048;

async function load(card: ModelCard, { threads, batchTokens = mostBatchTokens, onBatch }: LoadOptions): Promise<TextToTextModel> {
  const files = filesOf(card);
  const config = (await files.json("config.json", configSchema)) ?? {};
  const own = (await files.json("generation_config.json", generationSchema)) ?? {};
  const tokenizerConfig = (await files.json("tokenizer_config.json", tokenizerConfigSchema)) ?? {};
  const graphs = await openEncoderAndDecoder(files, card, threads);
  try {
    const tokenizer = (await files.json("tokenizer.json", tokenizerSchema)) ?? {};
    const tokens = madeOf(card.name, "tokenizer.json", () => createTextTokens({ tokenizer, tokenizerConfig }));
    const generation = madeOf(card.name, "generation_config.json", () => generationOf({ ...config, ...notNull(own) }));
    const { choosing, padId } = generation;
    const compute = createWriter({ encoder: graphs.encoder, decoder: createDecoder(graphs.decoder), choosing, padId });
    return {
      bytes: graphs.bytes,
      tokens,
      generation,
      languages: languagesOf(tokens, pairIn(tokenizerConfig, config._name_or_path ?? "")),
      positions: ({ contextTokens }) => leastOf([contextTokens, tokenizerConfig.model_max_length, config.max_position_embeddings]),
      batcher: createBatcher({ model: card.name, compute, batchTokens: Math.ceil(batchTokens / choosing.beams), onBatch }),
      release: () => graphs.release(),
    };
  } catch (thrown) {
    await graphs.release();
    throw thrown;
  }
}

/** A Marian model says in its tokenizer's configuration what it translates, or in its name: `opus-mt-en-es`. */
function pairIn({ source_lang: source, target_lang: target }: z.output<typeof tokenizerConfigSchema>, name: string): SaidPair {
  const [, first, second] = /opus-mt(?:-tc-[a-z]+)?-([a-z]{2,3})-([a-z]{2,3})$/.exec(name) ?? [];
  return { source: source ?? first, target: target ?? second };
}

function leastOf(limits: readonly (number | null | undefined)[]): number {
  const said = limits.filter((limit): limit is number => typeof limit === "number" && limit > 0);
  return said.length > 0 ? Math.min(...said) : 512;
}
