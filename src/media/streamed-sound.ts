import type { SoundPiece, SoundPieces } from "./sound-piece.ts";

/** What the decoders in WebAssembly have in common. */
interface Decoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush?(): Promise<Decoded>;
  free(): void;
}

interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
}

/** Bytes that are decoded at a time. A frame of silence can be 16 bytes and unfold to 65,535 samples: small, so that nothing unfolds to more than memory holds. */
const chunkBytes = { mp3: 65_536, flac: 4096, vorbis: 8192 } as const;

const decoders: Readonly<Record<keyof typeof chunkBytes, () => Promise<Decoder>>> = {
  // Takes the silence off that the encoder has put before and after, where the file says how much.
  mp3: async () => new (await import("mpg123-decoder")).MPEGDecoder({ enableGapless: true }),
  flac: async () => new (await import("@wasm-audio-decoders/flac")).FLACDecoder(),
  vorbis: async () => new (await import("@wasm-audio-decoders/ogg-vorbis")).OggVorbisDecoder(),
};

/** Sound of a file that is a stream of frames: it needs no table of contents. What is damaged is left out. */
export async function* streamedSound(bytes: Uint8Array, codec: keyof typeof chunkBytes): SoundPieces {
  const decoder = await decoders[codec]();
  await decoder.ready;
  try {
    for (let at = 0; at < bytes.length; at += chunkBytes[codec]) {
      yield* pieceOf(await decoder.decode(bytes.subarray(at, at + chunkBytes[codec])));
    }
    if (decoder.flush) yield* pieceOf(await decoder.flush());
  } finally {
    decoder.free();
  }
}

function* pieceOf({ channelData, samplesDecoded, sampleRate }: Decoded): Generator<SoundPiece> {
  if (samplesDecoded > 0) yield { rate: sampleRate, channels: channelData };
}
