import { createPower } from "./fourier.ts";

/** How a model hears. The names are those of `preprocessor_config.json`. */
export interface Hearing {
  /** Samples in a second. */
  readonly rate: number;
  /** Samples of which the frequencies are found at a time. */
  readonly fft: number;
  /** Samples from one such time to the next. */
  readonly hop: number;
  /** Bands of frequencies, as wide as ears tell them apart. */
  readonly mels: number;
  /** Samples that a model hears at once; fewer are filled up with silence. */
  readonly window: number;
}

/**
 * Whisper's spectrogram: [mels, window / hop], the logarithm of each band's power, of the loudest band's 80 decibels, at a scale around 1.
 *
 * Source: Radford et al. 2022, "Robust speech recognition via large-scale weak supervision", section 2.2, and Slaney's Auditory Toolbox.
 */
export function createLogMel({ rate, fft, hop, mels, window }: Hearing): (samples: Float32Array) => Float32Array {
  const frames = Math.floor(window / hop);
  const bands = bandsOf(rate, fft, mels);
  const fade = Float64Array.from({ length: fft }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / fft));
  const powerOf = createPower(fft);

  return (samples) => {
    const part = new Float64Array(fft);
    const power = new Float64Array(fft / 2 + 1);
    const made = new Float32Array(mels * frames);
    let top = -Infinity;
    for (let frame = 0; frame < frames; frame++) {
      // A frame is around its moment; before the beginning and after the end the sound is mirrored.
      for (let i = 0; i < fft; i++) part[i] = (fade[i] ?? 0) * (samples[mirrored(frame * hop + i - fft / 2, window)] ?? 0);
      powerOf(part, power);
      for (let mel = 0; mel < mels; mel++) {
        const { from = 0, weights = new Float64Array() } = bands[mel] ?? {};
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (power[from + i] ?? 0);
        const level = Math.log10(Math.max(sum, 1e-10));
        made[mel * frames + frame] = level;
        top = Math.max(top, level);
      }
    }
    for (let i = 0; i < made.length; i++) made[i] = (Math.max(made[i] ?? 0, top - 8) + 4) / 4;
    return made;
  };
}

function mirrored(at: number, length: number): number {
  if (at < 0) return -at;
  return at < length ? at : 2 * (length - 1) - at;
}

interface Band {
  /** The first frequency that counts. */
  readonly from: number;
  readonly weights: Float64Array;
}

/** Triangles of equal area that overlap by half. */
function bandsOf(rate: number, fft: number, mels: number): Band[] {
  const top = melOf(rate / 2);
  const edges = Array.from({ length: mels + 2 }, (_, i) => hertzOf((top * i) / (mels + 1)));
  return Array.from({ length: mels }, (_, mel) => {
    const [low = 0, middle = 0, high = 0] = edges.slice(mel, mel + 3);
    const all = Array.from({ length: fft / 2 + 1 }, (_one, k) => {
      const hertz = (k * rate) / fft;
      return (Math.max(0, Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle))) * 2) / (high - low);
    });
    const from = Math.max(
      0,
      all.findIndex((weight) => weight > 0),
    );
    return { from, weights: Float64Array.from(all.slice(from, all.findLastIndex((weight) => weight > 0) + 1)) };
  });
}

/** Slaney's scale: even up to 1,000 hertz, by ratio above. */
const [evenTop, hertzPerMel, ratioOfMel] = [1000, 200 / 3, Math.log(6.4) / 27];

function melOf(hertz: number): number {
  return hertz < evenTop ? hertz / hertzPerMel : evenTop / hertzPerMel + Math.log(hertz / evenTop) / ratioOfMel;
}

function hertzOf(mel: number): number {
  const even = evenTop / hertzPerMel;
  return mel < even ? mel * hertzPerMel : evenTop * Math.exp((mel - even) * ratioOfMel);
}
