import type { Pixels } from "./pixels.ts";

/** How far, in pixels of the coarser side, a pixel is felt, and how much. Names are those of Pillow, whose pictures models were trained on. */
const filters = {
  bilinear: { reach: 1, weight: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { reach: 2, weight: cubic },
  lanczos: { reach: 3, weight: (x: number) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const;

export type Filter = keyof typeof filters | "nearest";

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Keys' kernel with a = -0.5. */
function cubic(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

interface Taps {
  readonly from: number;
  readonly weights: Float64Array;
}

/**
 * Scales a picture as Pillow does: each side by itself, pixels taken at their centres, and where a side shrinks the filter is widened so
 * that every pixel counts. Image models are trained on what Pillow makes; libvips enlarges a little differently.
 */
export function scaled(picture: Pixels, width: number, height: number, filter: Filter): Pixels {
  const wide = picture.width === width ? picture : alongRows(picture, tapsOf(picture.width, width, filter));
  return wide.height === height ? wide : alongColumns(wide, tapsOf(wide.height, height, filter));
}

/** For each pixel of the new side, the old ones that it is made of. */
function tapsOf(from: number, to: number, filter: Filter): Taps[] {
  const ratio = from / to;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * ratio;
    if (filter === "nearest") return { from: Math.min(from - 1, Math.floor(centre)), weights: Float64Array.of(1) };
    const { reach, weight } = filters[filter];
    const spread = Math.max(1, ratio);
    const first = Math.max(0, Math.floor(centre - reach * spread + 0.5));
    const last = Math.min(from, Math.floor(centre + reach * spread + 0.5));
    const weights = Float64Array.from({ length: last - first }, (_one, k) => weight((first + k + 0.5 - centre) / spread));
    const sum = weights.reduce((total, one) => total + one, 0);
    return { from: first, weights: weights.map((one) => one / sum) };
  });
}

function alongRows({ width, height, data }: Pixels, taps: readonly Taps[]): Pixels {
  const made = new Uint8ClampedArray(taps.length * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (const { from, weights } of taps) {
      let [red, green, blue] = [0, 0, 0];
      let pixel = (y * width + from) * 3;
      for (const weight of weights) {
        red += weight * (data[pixel++] ?? 0);
        green += weight * (data[pixel++] ?? 0);
        blue += weight * (data[pixel++] ?? 0);
      }
      made[at++] = red;
      made[at++] = green;
      made[at++] = blue;
    }
  }
  return { width: taps.length, height, data: made };
}

function alongColumns({ width, data }: Pixels, taps: readonly Taps[]): Pixels {
  const row = width * 3;
  const made = new Uint8ClampedArray(taps.length * row);
  const sums = new Float64Array(row);
  taps.forEach(({ from, weights }, y) => {
    sums.fill(0);
    weights.forEach((weight, k) => {
      const start = (from + k) * row;
      for (let x = 0; x < row; x++) sums[x] = (sums[x] ?? 0) + weight * (data[start + x] ?? 0);
    });
    made.set(sums, y * row);
  });
  return { width, height: taps.length, data: made };
}
