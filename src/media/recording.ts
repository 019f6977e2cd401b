import { setImmediate } from "node:timers/promises";
import { type Media, Problem } from "../core/index.ts";
import { containedSound } from "./contained-sound.ts";
import { ffmpegSound, type ForeignSound } from "./ffmpeg-sound.ts";
import { createMono } from "./mono.ts";
import { type SoundFormat, soundFormatOf, soundFormats } from "./sound-format.ts";
import type { SoundPieces } from "./sound-piece.ts";
import { streamedSound } from "./streamed-sound.ts";

/** Sound in one channel. */
export interface Recording {
  /** Samples in a second. */
  readonly rate: number;
  readonly length: number;
  readonly seconds: number;
  /** Samples of -1 to 1; there are none before the beginning and after the end. */
  samples(from: number, to: number): Float32Array;
}

export interface RecordingOptions {
  /** Samples in a second that are wanted. */
  readonly rate: number;
  readonly signal: AbortSignal;
  /** Where it was in the request, for messages: `/audio`. */
  readonly field: string;
  /** What is longer is refused: an hour takes 230 MB of memory. */
  readonly mostSeconds?: number;
}

/** Two hours. */
const usualMostSeconds = 7200;

/** What decoders and the resampler can be asked for. */
const [leastRate, mostRate] = [2000, 768_000];

/**
 * Decodes a file that a client has sent: wav, mp3, flac, ogg and webm by itself; AAC, MP4 and what else webm holds with an `ffmpeg` on the PATH.
 *
 * @throws Problem bad-input for what is no sound, cannot be read here, is damaged, empty or too long
 * @throws the signal's reason, between two pieces
 */
export async function readRecording({ bytes }: Media, options: RecordingOptions): Promise<Recording> {
  const { rate, signal, field, mostSeconds = usualMostSeconds } = options;
  const refuse = (why: string, cause?: unknown) => new Problem("bad-input", `'${field}' ${why}`, { details: { field }, cause });
  const formats = `send ${soundFormats.slice(0, -1).join(", ")} or ${soundFormats.at(-1)}`;
  const damaged = (cause?: unknown) => refuse("is damaged or cut off, and cannot be read", cause);
  const tooLong = () => refuse(`is longer than ${mostSeconds / 60} minutes; send it in parts`);

  const format = soundFormatOf(bytes);
  if (!format) throw refuse(`is no recording that is read here; ${formats}`);
  const length = statedSeconds(bytes, format);
  if (length !== undefined && length > mostSeconds) throw tooLong();

  const foreign = (reader: ForeignSound["format"], what: string) =>
    ffmpegSound(
      {
        bytes,
        format: reader,
        rate,
        absent: refuse(`holds ${what}, which is read only where the program ffmpeg is installed on the server; ${formats}`),
        damaged: damaged(),
      },
      signal,
    );

  async function* pieces(): SoundPieces {
    if (format === "mp3" || format === "flac") yield* streamedSound(bytes, format);
    else if (format === "ogg" && isVorbis(bytes)) yield* streamedSound(bytes, "vorbis");
    else if (format === "aac") yield* foreign("aac", "AAC");
    else if (format === "mp4") yield* foreign("mov", "MP4");
    else {
      let other: string | undefined;
      const unread = (codec: string) => {
        other = codec;
        return refuse(`holds ${codec}, which is not read here; ${formats}`);
      };
      try {
        yield* containedSound(bytes, unread);
      } catch (thrown) {
        if (format !== "webm" || other === undefined || other === "no sound") throw thrown;
        yield* foreign("matroska", other);
      }
    }
  }

  const mono = createMono(rate);
  const store = createStore();
  const keep = (samples: Float32Array) => {
    store.add(samples);
    if (store.length > mostSeconds * rate) throw tooLong();
  };
  try {
    for await (const piece of pieces()) {
      if (!(piece.rate >= leastRate && piece.rate <= mostRate))
        throw refuse(`has ${piece.rate} samples in a second, which is not read here`);
      keep(await mono.add(piece));
      await setImmediate(); // whoever leaves is heard
      signal.throwIfAborted();
    }
    keep(await mono.end());
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown instanceof Problem ? thrown : damaged(thrown);
  }
  if (store.length === 0) throw damaged();
  return { rate, length: store.length, seconds: store.length / rate, samples: store.samples };
}

/** What the head of a FLAC file says, where it says it. Source: RFC 9639, section 8.2. */
function statedSeconds(bytes: Uint8Array, format: SoundFormat): number | undefined {
  if (format !== "flac" || bytes.length < 26) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rate = view.getUint32(18) >>> 12;
  const samples = (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22);
  return rate > 0 ? samples / rate : undefined;
}

/** The first page of an ogg stream begins with the name of what is in it. */
function isVorbis(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 128)).includes("\u0001vorbis", 0, "latin1");
}

/** Samples in blocks, so that a long recording is never copied as a whole. */
function createStore() {
  const size = 2 ** 20;
  const blocks: Float32Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(samples: Float32Array) {
      for (let at = 0; at < samples.length;) {
        const within = length % size;
        if (within === 0) blocks.push(new Float32Array(size));
        const part = samples.subarray(at, at + size - within);
        blocks.at(-1)?.set(part, within);
        at += part.length;
        length += part.length;
      }
    },
    samples(from: number, to: number): Float32Array {
      const [first, last] = [Math.max(0, from), Math.min(length, to)];
      const made = new Float32Array(Math.max(0, last - first));
      for (let at = first; at < last;) {
        const within = at % size;
        const part = blocks[Math.floor(at / size)]?.subarray(within, Math.min(size, within + last - at)) ?? new Float32Array(1);
        made.set(part, at - first);
        at += part.length;
      }
      return made;
    },
  };
}
