import * as z from "zod";
import { parseSent } from "../sent.ts";
import { byteArray, media, readBase64, readByteArray } from "./media.ts";
import { spokenSegment, spokenWord } from "./spoken.ts";
import { subtitlesOf } from "./subtitles.ts";
import { defineTask, type WireForm } from "./task.ts";

const input = z.object({
  audio: media,
  /** `translate` writes English, whatever is spoken. */
  task: z.enum(["transcribe", "translate"]).optional(),
  /** ISO 639-1; absent: found out. */
  language: z.string().min(2).max(20).optional(),
  /** Text before the recording, for names and style. */
  initial_prompt: z.string().optional(),
  temperature: z.number().min(0).max(1).optional(),
});

const delta = z.object({ segment: spokenSegment });
const output = z.object({
  text: z.string(),
  /** ISO 639-1. */
  language: z.string().optional(),
  /** Seconds of the recording. */
  duration: z.number(),
  segments: z.array(spokenSegment),
});

export type SpeechInput = z.output<typeof input>;
export type SpeechOutput = z.output<typeof output>;

/** No codec that is read here holds more than this many seconds in a byte: opus at 6 kbit/s. */
const secondsPerByte = 8 / 6000;

const audioBody = z.object({ audio: byteArray, source_lang: z.string().nullish(), target_lang: z.literal("en").nullish() });

type SpeechForm = WireForm<SpeechInput, z.output<typeof delta>, SpeechOutput>;

const wordCount = (text: string) => text.split(/\s+/).filter(Boolean).length;

/** whisper, whisper-tiny-en. Source: developers.cloudflare.com/workers-ai/models/whisper, seen 2026-10. */
const transcript: SpeechForm = {
  input: audioBody,
  output: z.object({ text: z.string(), word_count: z.int(), words: z.array(spokenWord), vtt: z.string() }),
  read(sent) {
    const body = parseSent(audioBody, sent);
    return { audio: readByteArray(body.audio), language: body.source_lang ?? undefined, task: body.target_lang ? "translate" : undefined };
  },
  readMedia: (audio) => ({ audio }),
  write: ({ text, segments }) => ({
    text,
    word_count: wordCount(text),
    words: segments.flatMap(({ words }) => words),
    vtt: subtitlesOf(segments, "vtt"),
  }),
};

const turboBody = z.object({
  audio: z.union([z.string(), byteArray, z.object({ body: z.unknown(), contentType: z.string().optional() })]),
  task: z.enum(["transcribe", "translate"]).nullish(),
  language: z.string().nullish(),
  initial_prompt: z.string().nullish(),
  prefix: z.string().nullish(),
  vad_filter: z.union([z.boolean(), z.enum(["true", "false"])]).nullish(),
});

/** whisper-large-v3-turbo. Source: developers.cloudflare.com/workers-ai/models/whisper-large-v3-turbo, seen 2026-10. */
const transcriptWithSegments: SpeechForm = {
  input: turboBody,
  output: z.object({
    transcription_info: z.object({ language: z.string().optional(), duration: z.number() }),
    text: z.string(),
    word_count: z.int(),
    segments: z.array(spokenSegment),
    vtt: z.string(),
  }),
  read(sent) {
    const { audio, ...body } = parseSent(turboBody, sent);
    const inner =
      typeof audio === "object" && !Array.isArray(audio) && !(audio instanceof Uint8Array)
        ? parseSent(z.union([z.string(), byteArray]), audio.body)
        : audio;
    return {
      audio: typeof inner === "string" ? readBase64(inner, "audio") : readByteArray(inner),
      task: body.task ?? undefined,
      language: body.language ?? undefined,
      initial_prompt: body.initial_prompt ?? undefined,
    };
  },
  readMedia: (audio) => ({ audio }),
  write: ({ text, language, duration, segments }) => ({
    transcription_info: { ...(language !== undefined && { language }), language_probability: 1, duration, duration_after_vad: duration },
    text,
    word_count: wordCount(text),
    segments,
    vtt: subtitlesOf(segments, "vtt"),
  }),
};

/** A recording in, its words with their times out. */
export const automaticSpeechRecognition = defineTask({
  label: "Automatic Speech Recognition",
  id: "dfce1c48-2a81-462e-a7fd-de97ce985207",
  description: "Writes down what is said in a recording",
  input,
  delta,
  output,
  bound: ({ audio }) => ({ "audio-second": Math.ceil(audio.bytes.length * secondsPerByte) }),
  wire: { transcript, "transcript-with-segments": transcriptWithSegments },
});
