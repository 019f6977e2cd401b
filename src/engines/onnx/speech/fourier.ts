/**
 * Makes a function that finds how strong each frequency is in `size` samples: the squared magnitudes of the first size / 2 + 1 terms of
 * their discrete Fourier transform. Halves are transformed by themselves as long as they are even, the rest term by term: Whisper's 400
 * samples are no power of two.
 */
export function createPower(size: number): (samples: Float64Array, power: Float64Array) => void {
  const cosines = Float64Array.from({ length: size }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sines = Float64Array.from({ length: size }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
  const [even, odd] = [new Float64Array(size), new Float64Array(size)];

  /** Of every `stride`th of the samples from `from` on, `length` of them, into `at` and after. */
  function transform(samples: Float64Array, from: number, stride: number, length: number, at: number): void {
    if (length % 2 === 1) {
      for (let k = 0; k < length; k++) {
        let sum = 0;
        let turned = 0;
        // Numbers are named one by one here: a list of two in an inner loop is made anew each time.
        for (let n = 0, turn = 0; n < length; n++) {
          const sample = samples[from + n * stride] ?? 0;
          sum += sample * (cosines[turn * stride] ?? 0);
          turned += sample * (sines[turn * stride] ?? 0);
          turn += k;
          if (turn >= length) turn -= length;
        }
        real[at + k] = sum;
        imaginary[at + k] = turned;
      }
      return;
    }
    const half = length / 2;
    transform(samples, from, stride * 2, half, at);
    transform(samples, from + stride, stride * 2, half, at + half);
    for (let k = 0; k < half; k++) {
      const c = cosines[k * stride] ?? 0;
      const s = sines[k * stride] ?? 0;
      const a = real[at + half + k] ?? 0;
      const b = imaginary[at + half + k] ?? 0;
      even[k] = a * c - b * s;
      odd[k] = a * s + b * c;
    }
    for (let k = 0; k < half; k++) {
      const a = real[at + k] ?? 0;
      const b = imaginary[at + k] ?? 0;
      const c = even[k] ?? 0;
      const d = odd[k] ?? 0;
      real[at + k] = a + c;
      imaginary[at + k] = b + d;
      real[at + half + k] = a - c;
      imaginary[at + half + k] = b - d;
    }
  }

  return (samples, power) => {
    transform(samples, 0, 1, size, 0);
    for (let k = 0; k <= size / 2; k++) power[k] = (real[k] ?? 0) ** 2 + (imaginary[k] ?? 0) ** 2;
  };
}
