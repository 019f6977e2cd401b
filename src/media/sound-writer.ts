import { createMono } from "./mono.ts";

/** Writes sound of one channel into a file, piece by piece. */
export interface SoundWriter {
  readonly mediaType: string;
  /** More sound; what can be sent of the file now. */
  add(samples: Float32Array): Promise<Uint8Array<ArrayBuffer>>;
  /** What is left to send. */
  end(): Promise<Uint8Array<ArrayBuffer>>;
  /** All of it, once it has ended. A WAV file says here how long it is; the pieces that were sent could not know. */
  file(): Uint8Array<ArrayBuffer>;
}

const makers = { wav: wavWriter, pcm: pcmWriter, mp3: mp3Writer } as const;

export type WritableSound = keyof typeof makers;

/** What sound can be written as; the first is written fastest and loses nothing. */
export const writableSounds = Object.keys(makers) as readonly WritableSound[]; // the keys of that object

export function isWritableSound(format: string): format is WritableSound {
  return Object.hasOwn(makers, format);
}

/** @param rate samples in a second */
export function createSoundWriter(format: WritableSound, rate: number): Promise<SoundWriter> {
  return makers[format](rate);
}

async function wavWriter(rate: number): Promise<SoundWriter> {
  const data: Uint8Array[] = [];
  let sent = false;
  return {
    mediaType: "audio/wav",
    async add(samples) {
      const bytes = sixteenBits(samples);
      data.push(bytes);
      const head = sent ? [] : [wavHead(rate, endless)];
      sent = true;
      return joined([...head, bytes]);
    },
    end: async () => new Uint8Array(),
    file: () =>
      joined([
        wavHead(
          rate,
          data.reduce((sum, { length }) => sum + length, 0),
        ),
        ...data,
      ]),
  };
}

/** Bytes that a WAV file says it has when nobody knows yet: players read until it ends. */
const endless = 0xffff_ffff - 44;

/** 16 bits at 24 kHz without a head, as OpenAI has it. */
async function pcmWriter(rate: number): Promise<SoundWriter> {
  const mono = createMono(24_000);
  const data: Uint8Array[] = [];
  const keep = (samples: Float32Array) => {
    const bytes = sixteenBits(samples);
    data.push(bytes);
    return bytes;
  };
  return {
    mediaType: "audio/pcm",
    add: async (samples) => keep(await mono.add({ rate, channels: [samples] })),
    end: async () => keep(await mono.end()),
    file: () => joined(data),
  };
}

/** By LAME, compiled to WebAssembly. */
async function mp3Writer(rate: number): Promise<SoundWriter> {
  const { createMp3Encoder } = await import("wasm-media-encoders");
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: rate, channels: 1, bitrate: 64 });
  const data: Uint8Array[] = [];
  const keep = (encoded: Uint8Array) => {
    const bytes = new Uint8Array(encoded); // the encoder writes the next piece over it
    data.push(bytes);
    return bytes;
  };
  return {
    mediaType: "audio/mpeg",
    add: async (samples) => keep(encoder.encode([samples])),
    end: async () => keep(encoder.finalize()),
    file: () => joined(data),
  };
}

function sixteenBits(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, i) => view.setInt16(i * 2, Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), true));
  return bytes;
}

function wavHead(rate: number, bytes: number): Uint8Array {
  const head = new Uint8Array(44);
  const view = new DataView(head.buffer);
  const text = (at: number, content: string) => head.set(new TextEncoder().encode(content), at);
  text(0, "RIFF");
  view.setUint32(4, bytes + 36, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, bytes, true);
  return head;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
