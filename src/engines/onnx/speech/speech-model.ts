import * as z from "zod";
import type { ModelCard } from "../../../core/index.ts";
import type { Graph } from "../graph.ts";
import { filesOf, madeOf, missing, unreadable } from "../model-files.ts";
import { createDecoder, type CachedDraft, type Decoder } from "../text-to-text/decoder.ts";
import { openEncoderAndDecoder } from "../text-to-text/graph-files.ts";
import { createTextTokens, type TextTokens } from "../text-to-text/text-tokens.ts";
import { createTurns, type Turns } from "../turns.ts";
import type { Loaded, Loader, LoadOptions } from "../work.ts";
import { createLogMel, type Hearing } from "./log-mel.ts";
import type { SpeechMarks } from "./time-rules.ts";

/** A model of Whisper's kind, in memory. */
export interface SpeechModel extends Loaded {
  readonly hearing: Hearing;
  readonly spectrogram: (samples: Float32Array) => Float32Array;
  readonly encoder: Graph;
  readonly decoder: Decoder<CachedDraft>;
  readonly tokens: TextTokens;
  readonly marks: SpeechMarks;
  /** Seconds from the token of one moment to the next. */
  readonly timeStep: number;
  /** Tokens of one window, the given ones included. */
  readonly positions: number;
  /** Tokens that are never written. */
  readonly banned: readonly number[];
  /** Tokens that are not written first. */
  readonly bannedFirst: readonly number[];
  /** Tokens after the moment 0 that the first time may be. */
  readonly latestFirst: number;
  readonly turns: Turns;
  /** Seconds of all recordings that are in memory. */
  readonly held: { seconds: number };
}

/** Whisper and its like as transformers.js and Hugging Face's exporters lay them out. */
export const speechModels: Loader<SpeechModel> = { make: "speech", load };

const configSchema = z.looseObject({
  max_source_positions: z.int().positive().nullish(),
  max_target_positions: z.int().positive().nullish(),
  suppress_tokens: z.array(z.int()).nullish(),
  begin_suppress_tokens: z.array(z.int()).nullish(),
});
const generationSchema = z.looseObject({
  is_multilingual: z.boolean().nullish(),
  suppress_tokens: z.array(z.int()).nullish(),
  begin_suppress_tokens: z.array(z.int()).nullish(),
  max_initial_timestamp_index: z.int().nullish(),
});
const preprocessorSchema = z.looseObject({
  feature_size: z.int().positive().max(512),
  sampling_rate: z.int().min(8000).max(48_000).optional(),
  n_fft: z.int().positive().max(8192).optional(),
  hop_length: z.int().positive().optional(),
  chunk_length: z.number().positive().max(60).optional(),
});
const tokenizerSchema = z.looseObject({ added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).optional() });
const anySchema = z.looseObject({});

async function load(card: ModelCard, { threads }: LoadOptions): Promise<SpeechModel> {
  const files = filesOf(card);
  const graphs = await openEncoderAndDecoder(files, card, threads);
  try {
    const preprocessor = await files.json("preprocessor_config.json", preprocessorSchema);
    if (!preprocessor) throw missing(card.name, ["preprocessor_config.json"]);
    const config = (await files.json("config.json", configSchema)) ?? {};
    const generation = (await files.json("generation_config.json", generationSchema)) ?? {};
    const tokenizer = (await files.json("tokenizer.json", tokenizerSchema)) ?? {};
    const tokenizerConfig = (await files.json("tokenizer_config.json", anySchema)) ?? {};
    const hearing = hearingOf(preprocessor);
    const tokens = madeOf(card.name, "tokenizer.json", () => createTextTokens({ tokenizer, tokenizerConfig }));
    return {
      bytes: graphs.bytes,
      hearing,
      spectrogram: createLogMel(hearing),
      encoder: graphs.encoder,
      decoder: createDecoder(graphs.decoder),
      tokens,
      marks: marksOf(card.name, tokens.specials, generation.is_multilingual ?? true),
      timeStep: hearing.window / hearing.rate / (config.max_source_positions ?? 1500),
      positions: config.max_target_positions ?? 448,
      banned: generation.suppress_tokens ?? config.suppress_tokens ?? [],
      bannedFirst: generation.begin_suppress_tokens ?? config.begin_suppress_tokens ?? [],
      latestFirst: generation.max_initial_timestamp_index ?? 50,
      turns: createTurns(),
      held: { seconds: 0 },
      release: () => graphs.release(),
    };
  } catch (thrown) {
    await graphs.release();
    throw thrown;
  }
}

function hearingOf({
  feature_size,
  sampling_rate = 16_000,
  n_fft = 400,
  hop_length = 160,
  chunk_length = 30,
}: z.output<typeof preprocessorSchema>): Hearing {
  return { rate: sampling_rate, fft: n_fft, hop: hop_length, mels: feature_size, window: Math.round(chunk_length * sampling_rate) };
}

/** The marks of languages are those between the mark that starts a transcript and the mark of the task. */
function marksOf(name: string, specials: ReadonlyMap<string, number>, multilingual: boolean): SpeechMarks {
  const mark = (content: string) => specials.get(`<|${content}|>`);
  const [end, start, untimed] = [mark("endoftext"), mark("startoftranscript"), mark("notimestamps")];
  if (end === undefined || start === undefined || untimed === undefined)
    throw unreadable(name, "tokenizer.json", new Error("no marks of speech"));
  const tasks = Math.min(mark("translate") ?? Infinity, mark("transcribe") ?? Infinity);
  const languages = [...specials].flatMap(([content, id]): [string, number][] => {
    const code = /^<\|([a-z]{2,3})\|>$/.exec(content)?.[1];
    return multilingual && code !== undefined && id > start && id < tasks ? [[code, id]] : [];
  });
  return {
    end,
    start,
    transcribe: multilingual ? mark("transcribe") : undefined,
    translate: multilingual ? mark("translate") : undefined,
    previous: mark("startofprev"),
    nothing: mark("nospeech") ?? mark("nocaptions"),
    time: untimed + 1,
    languages: new Map(languages),
  };
}
