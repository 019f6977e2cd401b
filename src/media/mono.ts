import type { SoundPiece } from "./sound-piece.ts";

/** Brings pieces of sound to one channel and one rate. */
export interface Mono {
  /** What is finished of the sound so far. The array is the caller's. */
  add(piece: SoundPiece): Promise<Float32Array>;
  /** The rest. */
  end(): Promise<Float32Array>;
}

/** Samples that a resampler gets at a time; it has room for this many and no more. */
const atOnce = 65_536;

/** Seconds of silence that push the last samples out of a resampler's filter. */
const pushed = 0.05;

export function createMono(rate: number): Mono {
  let resampler: Resampler | undefined;

  async function add({ rate: from, channels }: SoundPiece): Promise<Float32Array> {
    const mixed = mix(channels);
    if (resampler?.from === from) return resampler.add(mixed);
    const rest = resampler?.end() ?? new Float32Array();
    resampler = await createResampler(from, rate);
    return joined([rest, resampler.add(mixed)]);
  }

  return {
    add,
    async end() {
      const rest = resampler?.end() ?? new Float32Array();
      resampler = undefined;
      return rest;
    },
  };
}

interface Resampler {
  readonly from: number;
  add(samples: Float32Array): Float32Array;
  end(): Float32Array;
}

async function createResampler(from: number, to: number): Promise<Resampler> {
  if (from === to) return { from, add: (samples) => samples, end: () => new Float32Array() };
  const {
    default: { ConverterType, create },
  } = await import("@alexanderolsen/libsamplerate-js");
  const converter = await create(1, from, to, { converterType: ConverterType.SRC_SINC_FASTEST });
  let [read, made] = [0, 0];

  function convert(samples: Float32Array): Float32Array {
    const pieces: Float32Array[] = [];
    for (let at = 0; at < samples.length; at += atOnce) pieces.push(converter.full(samples.subarray(at, at + atOnce)).slice());
    return joined(pieces);
  }

  return {
    from,
    add(samples) {
      const converted = convert(samples);
      read += samples.length;
      made += converted.length;
      return converted;
    },
    end() {
      const rest = convert(new Float32Array(Math.ceil(from * pushed)));
      converter.destroy();
      return rest.subarray(0, Math.max(0, Math.round((read * to) / from) - made));
    },
  };
}

function mix(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = channels;
  const mixed = first.slice();
  if (others.length === 0) return mixed;
  for (let i = 0; i < mixed.length; i++) {
    let sum = mixed[i] ?? 0;
    for (const other of others) sum += other[i] ?? 0;
    mixed[i] = sum / channels.length;
  }
  return mixed;
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
