import { type Call, type Part, Problem, type SpokenSegment } from "../../core/index.ts";
import type { EchoOptions } from "./options.ts";
import { wordsOf } from "./words.ts";

/** Samples a second, of 16 bits, in one channel. */
const rate = 8000;
const secondsPerWord = 0.25;
/** A chunk of a WAV file that holds the text that was read. Its name is in no standard, so players pass over it. */
const textChunk = "ganL";

/** A tone for each word, as a WAV file that remembers the text. */
export async function* speak(
  { input, signal }: Call<"text-to-speech">,
  { pause }: Required<EchoOptions>,
): AsyncGenerator<Part<"text-to-speech">> {
  if (input.format !== undefined && input.format !== "wav") {
    throw new Problem("bad-input", "echo speaks WAV only; ask for wav", { details: { field: "/response_format" } });
  }
  const words = wordsOf(input.text);
  const seconds = (words.length * secondsPerWord) / (input.speed ?? 1);
  const usage = { character: input.text.length, "audio-second": seconds };
  yield { type: "begin", usage: { character: input.text.length } };
  await pause(signal);
  if (signal.aborted) return;
  const bytes = wav(tones(words, Math.round(seconds * rate)), input.text);
  yield { type: "delta", usage, delta: { audio: bytes } };
  if (signal.aborted) return;
  yield { type: "end", usage, output: { audio: { bytes, mediaType: "audio/wav" }, duration: seconds } };
}

/** Reads back what `speak` said; of any other WAV file how long it is. */
export async function* listen(
  { input, signal }: Call<"automatic-speech-recognition">,
  { pause }: Required<EchoOptions>,
): AsyncGenerator<Part<"automatic-speech-recognition">> {
  const { seconds, text } = readWav(input.audio.bytes);
  const usage = { "audio-second": seconds };
  yield { type: "begin", usage };
  await pause(signal);
  if (signal.aborted) return;
  const words = wordsOf(text ?? `${seconds.toFixed(1)} seconds of sound`);
  const each = seconds / words.length;
  const segment: SpokenSegment = {
    text: words.join(""),
    start: 0,
    end: seconds,
    words: words.map((word, index) => ({ word: word.trim(), start: index * each, end: (index + 1) * each })),
  };
  yield { type: "delta", usage, delta: { segment } };
  if (signal.aborted) return;
  yield { type: "end", usage, output: { text: segment.text, language: input.language ?? "en", duration: seconds, segments: [segment] } };
}

function tones(words: readonly string[], count: number): Int16Array {
  const samples = new Int16Array(count);
  for (let i = 0; i < count; i++) {
    const word = words[Math.floor((i * words.length) / count)] ?? "";
    samples[i] = 8000 * Math.sin((2 * Math.PI * (200 + 20 * word.length) * i) / rate);
  }
  return samples;
}

function wav(samples: Int16Array, text: string): Uint8Array<ArrayBuffer> {
  const format = new Uint8Array(16);
  const view = new DataView(format.buffer);
  for (const [at, value, size] of [
    [0, 1, 2],
    [2, 1, 2],
    [4, rate, 4],
    [8, rate * 2, 4],
    [12, 2, 2],
    [14, 16, 2],
  ] as const) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  const data = new Uint8Array(samples.length * 2);
  const out = new DataView(data.buffer);
  for (const [i, sample] of samples.entries()) out.setInt16(2 * i, sample, true);
  const chunks = [chunk("fmt ", format), chunk(textChunk, new TextEncoder().encode(text)), chunk("data", data)];
  const body = new Uint8Array(4 + chunks.reduce((sum, part) => sum + part.length, 0));
  body.set(new TextEncoder().encode("WAVE"));
  let at = 4;
  for (const part of chunks) {
    body.set(part, at);
    at += part.length;
  }
  return chunk("RIFF", body);
}

/** A name, a length and the data, filled up to an even length. Source: the RIFF and WAVE formats of Microsoft and IBM, 1991. */
function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + data.length + (data.length % 2));
  bytes.set(new TextEncoder().encode(name));
  new DataView(bytes.buffer).setUint32(4, data.length, true);
  bytes.set(data, 8);
  return bytes;
}

/** Samples a second, as in `media`: what is slower or faster is no sound. */
const [leastRate, mostRate] = [2000, 768_000];
const mostChannels = 32;
/** Before the sound; files have a handful. */
const mostChunks = 100;

/** The head also says how many bytes a second takes, which nothing holds it to: that is not believed. */
function readWav(bytes: Uint8Array<ArrayBuffer>): { seconds: number; text: string | undefined } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || ascii(0) !== "RIFF" || ascii(8) !== "WAVE") throw noRecording();
  let bytesPerSecond = 0;
  let text: string | undefined;
  for (let at = 12, chunks = 0; at + 8 <= bytes.length && chunks < mostChunks; chunks++) {
    const size = view.getUint32(at + 4, true);
    const name = ascii(at);
    const data = bytes.subarray(at + 8, at + 8 + size);
    if (name === "fmt " && data.length >= 16) bytesPerSecond = bytesPerSecondOf(new DataView(bytes.buffer, data.byteOffset, 16));
    if (name === textChunk) text = new TextDecoder().decode(data);
    if (name === "data" && bytesPerSecond > 0) {
      const length = size === 0 ? bytes.length - at - 8 : data.length; // who streams does not know it yet
      return { seconds: Math.round((1000 * length) / bytesPerSecond) / 1000, text };
    }
    at += 8 + size + (size % 2);
  }
  throw noRecording();
}

/** Of whole bytes for each sample of each channel; 0: there is no such sound. */
function bytesPerSecondOf(format: DataView): number {
  const channels = format.getUint16(2, true);
  const sampleRate = format.getUint32(4, true);
  const bits = format.getUint16(14, true);
  const isSound =
    channels >= 1 && channels <= mostChannels && sampleRate >= leastRate && sampleRate <= mostRate && [8, 16, 24, 32, 64].includes(bits);
  return isSound ? (sampleRate * channels * bits) / 8 : 0;
}

function noRecording(): Problem {
  return new Problem("bad-input", "the file is no WAV recording, and echo hears no other", { details: { field: "/audio" } });
}
