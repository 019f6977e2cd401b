import * as z from "zod";
import type { ModelCard } from "../../../core/index.ts";
import { filesOf, madeOf, missing, notNull } from "../model-files.ts";
import { createDecoder, type CachedDraft, type Decoder, type Encoded } from "../text-to-text/decoder.ts";
import { generationOf, generationSchema, type Generation } from "../text-to-text/generation-settings.ts";
import { openEncoderAndDecoder } from "../text-to-text/graph-files.ts";
import { createTextTokens } from "../text-to-text/text-tokens.ts";
import type { Values } from "../graph.ts";
import { createTurns, type Turns } from "../turns.ts";
import type { Loaded, Loader, LoadOptions } from "../work.ts";
import { createPreparation, preparationSchema, type Preparation } from "./preparation.ts";

/** A model that tells what it sees, in memory. */
export interface CaptionModel extends Loaded {
  readonly preparation: Preparation;
  /** What the decoder reads of a picture. */
  look(pixels: Values): Promise<Encoded>;
  readonly decoder: Decoder<CachedDraft>;
  readonly generation: Generation;
  /** Tokens of a text at most, its end included. */
  readonly most: number;
  textOf(tokens: readonly number[]): string;
  /** All that computes takes turns, a token at a time. */
  readonly turns: Turns;
}

/**
 * A folder of a vision-encoder-decoder as transformers.js and Hugging Face's exporters lay it out: onnx/encoder_model.onnx,
 * onnx/decoder_model_merged.onnx, tokenizer.json, preprocessor_config.json, config.json, generation_config.json.
 */
export const captionModels: Loader<CaptionModel> = { make: "caption", load };

const settingsSchema = generationSchema.extend({ max_length: z.int().min(2).nullish() });
const configSchema = settingsSchema.extend({
  decoder: z.looseObject({ n_positions: z.int().nullish(), max_position_embeddings: z.int().nullish() }).optional(),
});

async function load(card: ModelCard, { threads }: LoadOptions): Promise<CaptionModel> {
  const files = filesOf(card);
  const preprocessor = await files.json("preprocessor_config.json", preparationSchema);
  if (!preprocessor) throw missing(card.name, ["preprocessor_config.json"], "the files of a vision-encoder-decoder");
  const config = (await files.json("config.json", configSchema)) ?? {};
  const own = (await files.json("generation_config.json", settingsSchema)) ?? {};
  const tokenizer = (await files.json("tokenizer.json", z.looseObject({}))) ?? {};
  const tokenizerConfig = (await files.json("tokenizer_config.json", z.looseObject({}))) ?? {};
  const graphs = await openEncoderAndDecoder(files, card, threads);
  try {
    const generation = madeOf(card.name, "generation_config.json", () => generationOf({ ...config, ...notNull(own) }));
    const tokens = madeOf(card.name, "tokenizer.json", () => createTextTokens({ tokenizer, tokenizerConfig }));
    const { encoder } = graphs;
    const positions = config.decoder?.n_positions ?? config.decoder?.max_position_embeddings ?? Infinity;
    return {
      preparation: createPreparation(preprocessor),
      async look(pixel_values) {
        const { last_hidden_state: states } = await encoder.run({ pixel_values }, ["last_hidden_state"]);
        const [, count = 0] = states?.dims ?? [];
        return {
          states: states ?? { data: new Float32Array(), dims: [1, 0, 0] },
          mask: { data: Array.from({ length: count }, () => 1), dims: [1, count] },
        };
      },
      decoder: createDecoder(graphs.decoder),
      generation,
      // Those that a text begins with are counted in both.
      most: Math.max(1, Math.min(own.max_length ?? config.max_length ?? 64, positions) - generation.first.length),
      textOf: (ids) => tokens.decode(ids),
      turns: createTurns(),
      bytes: graphs.bytes,
      release: () => graphs.release(),
    };
  } catch (thrown) {
    await graphs.release();
    throw thrown;
  }
}
