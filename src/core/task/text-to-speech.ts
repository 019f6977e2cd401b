import * as z from "zod";
import { parseSent } from "../sent.ts";
import { base64Of, media, type Media } from "./media.ts";
import { defineTask, type WireForm } from "./task.ts";

export const audioFormats = ["mp3", "wav", "flac", "opus", "aac", "pcm"] as const;

const input = z.object({
  text: z.string().min(1).max(10_000),
  /** ISO 639-1; absent: the voice's own. */
  lang: z.string().min(2).max(20).optional(),
  voice: z.string().max(100).optional(),
  /** 1 is the voice's own pace. */
  speed: z.number().min(0.25).max(4).optional(),
  /** What the bytes are; an engine that cannot make it says so. Absent: MP3 where it makes that, as Workers AI and OpenAI have it. */
  format: z.enum(audioFormats).optional(),
});
/** A piece of the audio, in the order of time. */
const delta = z.object({ audio: z.instanceof(Uint8Array) });
const output = z.object({ audio: media, duration: z.number() });

export type SpeechSynthesisInput = z.output<typeof input>;
type SpokenForm = WireForm<SpeechSynthesisInput, z.output<typeof delta>, z.output<typeof output>>;

const promptBody = z.object({ prompt: z.string().min(1).max(10_000), lang: z.string().nullish() });

/** melotts. Source: developers.cloudflare.com/workers-ai/models/melotts, seen 2026-10. */
const base64Audio: SpokenForm = {
  input: promptBody,
  output: z.object({ audio: z.string() }),
  read(sent) {
    const { prompt, lang } = parseSent(promptBody, sent);
    return { text: prompt, lang: lang ?? undefined };
  },
  write: ({ audio }) => ({ audio: base64Of(audio.bytes) }),
};

const textBody = z.object({
  text: z.string().min(1).max(10_000),
  speaker: z.string().nullish(),
  encoding: z.enum(["linear16", "flac", "mulaw", "alaw", "mp3", "opus", "aac"]).nullish(),
  container: z.enum(["none", "wav", "ogg"]).nullish(),
});
const formatOfEncoding = {
  linear16: "wav",
  flac: "flac",
  mp3: "mp3",
  opus: "opus",
  aac: "aac",
  mulaw: undefined,
  alaw: undefined,
} as const;

/** aura-1 and aura-2: the reply is the audio's bytes. Source: developers.cloudflare.com/workers-ai/models/aura-1, seen 2026-10. */
const audio: SpokenForm = {
  input: textBody,
  output: z.string().meta({ format: "binary", contentType: "audio/mpeg" }),
  read(sent) {
    const { text, speaker, encoding } = parseSent(textBody, sent);
    return { text, voice: speaker ?? undefined, format: encoding ? formatOfEncoding[encoding] : undefined };
  },
  write: () => undefined,
  writeMedia: (spoken): Media => spoken.audio,
};

/** The slowest reading that is thought of: a second and a half for each character. */
const secondsPerCharacter = 1.5;

/** A text in, its reading out. */
export const textToSpeech = defineTask({
  label: "Text-to-Speech",
  id: "b52660a1-9a95-4ab2-8b1d-f232be34604a",
  description: "Reads a text aloud",
  input,
  delta,
  output,
  bound: ({ text, speed = 1 }) => ({ character: text.length, "audio-second": Math.ceil((5 + text.length * secondsPerCharacter) / speed) }),
  wire: { audio, "base64-audio": base64Audio },
});
