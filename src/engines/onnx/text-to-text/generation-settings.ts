import * as z from "zod";
import type { Choosing } from "./search.ts";

const token = z.int().nullish();
const oneOrMore = z.union([z.int(), z.array(z.int())]).nullish();

/** Content of generation_config.json; older models have the same in config.json. */
export const generationSchema = z.looseObject({
  decoder_start_token_id: token,
  bos_token_id: token,
  eos_token_id: oneOrMore,
  pad_token_id: token,
  forced_bos_token_id: token,
  forced_eos_token_id: oneOrMore,
  num_beams: z.int().min(1).max(32).nullish(),
  length_penalty: z.number().nullish(),
  early_stopping: z.union([z.boolean(), z.literal("never")]).nullish(),
  no_repeat_ngram_size: z.int().min(0).nullish(),
  min_length: z.int().min(0).nullish(),
  bad_words_ids: z.array(z.array(z.int())).nullish(),
  renormalize_logits: z.boolean().nullish(),
});

/** How a model wants to be asked to write. */
export interface Generation {
  readonly choosing: Choosing;
  /** Tokens that each text begins with; a translator of many languages adds the language to them. */
  readonly first: readonly number[];
  /** Of all tokens, the first ones counted. */
  readonly minLength: number;
  readonly padId: number;
}

/** @throws Error when nothing says with which token a text begins or ends */
export function generationOf(said: z.output<typeof generationSchema>): Generation {
  const start = said.decoder_start_token_id ?? said.bos_token_id;
  const ends = listed(said.eos_token_id);
  const [end] = ends;
  if (typeof start !== "number" || end === undefined) throw new Error("no decoder_start_token_id or no eos_token_id");
  return {
    choosing: {
      beams: said.num_beams ?? 1,
      lengthPenalty: said.length_penalty ?? 1,
      earlyStopping: said.early_stopping ?? false,
      noRepeat: said.no_repeat_ngram_size ?? 0,
      banned: (said.bad_words_ids ?? []).flatMap((word) => (word.length === 1 ? word : [])), // no model is known that bans more than tokens
      renormalize: said.renormalize_logits ?? false,
      ends,
      forcedEnd: listed(said.forced_eos_token_id)[0],
    },
    first: [start, ...listed(said.forced_bos_token_id)],
    minLength: said.min_length ?? 0,
    padId: said.pad_token_id ?? end,
  };
}

function listed(tokens: number | readonly number[] | null | undefined): readonly number[] {
  return typeof tokens === "number" ? [tokens] : (tokens ?? []);
}
