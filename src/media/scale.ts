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

/** For each pixel of a new side, the old ones that it is made of: the first, how many, and how much of each. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `most` for each new pixel. */
  readonly weights: Float32Array;
  readonly most: number;
}

/** A part of a picture, in pixels. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Scales a picture as Pillow does: each side by itself, pixels taken at their centres, and where a side shrinks the filter is widened so
 * that every pixel counts. Image models are trained on what Pillow makes; libvips enlarges a little differently.
 *
 * @param part of the scaled picture that is wanted, else all of it
 */
export function scaled(picture: Pixels, width: number, height: number, filter: Filter, part?: Part): Pixels {
  const wanted = part ?? { left: 0, top: 0, width, height };
  if (!part && picture.width === width && picture.height === height) return picture;
  const across = tapsOf(picture.width, width, filter, wanted.left, wanted.width);
  const down = tapsOf(picture.height, height, filter, wanted.top, wanted.height);
  return alongColumns(alongRows(picture, across), down);
}

function tapsOf(from: number, to: number, filter: Filter, start: number, length: number): Taps {
  const ratio = from / to;
  const spread = Math.max(1, ratio);
  const { reach, weight } = filter === "nearest" ? { reach: 0, weight: () => 1 } : filters[filter];
  const most = filter === "nearest" ? 1 : Math.ceil(2 * reach * spread) + 1;
  const taps = { first: new Int32Array(length), count: new Int32Array(length), weights: new Float32Array(length * most), most };
  for (let i = 0; i < length; i++) {
    const centre = (start + i + 0.5) * ratio;
    const near = Math.min(from - 1, Math.floor(centre));
    const first = filter === "nearest" ? near : Math.max(0, Math.floor(centre - reach * spread + 0.5));
    const last = filter === "nearest" ? near + 1 : Math.min(from, Math.floor(centre + reach * spread + 0.5));
    const own = Array.from({ length: last - first }, (_, k) => weight((first + k + 0.5 - centre) / spread));
    const sum = own.reduce((total, one) => total + one, 0);
    taps.first[i] = first;
    taps.count[i] = own.length;
    own.forEach((one, k) => (taps.weights[i * most + k] = one / sum));
  }
  return taps;
}

// The two loops below are most of what it costs to prepare a picture: plain indices, and one kind of array in each place.

function alongRows({ width, height, data }: Pixels, { first, count, weights, most }: Taps): Pixels {
  const made = new Uint8ClampedArray(first.length * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < first.length; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let pixel = (y * width + (first[x] ?? 0)) * 3;
      const end = x * most + (count[x] ?? 0);
      for (let i = x * most; i < end; i++, pixel += 3) {
        const weight = weights[i] ?? 0;
        red += weight * (data[pixel] ?? 0);
        green += weight * (data[pixel + 1] ?? 0);
        blue += weight * (data[pixel + 2] ?? 0);
      }
      made[at++] = red;
      made[at++] = green;
      made[at++] = blue;
    }
  }
  return { width: first.length, height, data: made };
}

function alongColumns({ width, data }: Pixels, { first, count, weights, most }: Taps): Pixels {
  const row = width * 3;
  const made = new Uint8ClampedArray(first.length * row);
  for (let y = 0, at = 0; y < first.length; y++) {
    const end = y * most + (count[y] ?? 0);
    for (let x = 0; x < row; x++) {
      let sum = 0;
      let value = (first[y] ?? 0) * row + x;
      for (let i = y * most; i < end; i++, value += row) sum += (weights[i] ?? 0) * (data[value] ?? 0);
      made[at++] = sum;
    }
  }
  return { width, height: first.length, data: made };
}
