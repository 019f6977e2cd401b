const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Numbers as IEEE 754 halves, rounded to the nearest. */
export function halvesOf(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, halfOf);
}

export function floatsOf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, floatOf);
}

function halfOf(value: number): number {
  float[0] = value;
  const all = bits[0] ?? 0;
  const sign = (all >>> 16) & 0x8000;
  const size = all & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00; // no number
  if (size >= 0x477ff000) return sign | 0x7c00; // rounds to more than the largest half: infinite
  // Below the least exponent halves are a multiple of 2 ** -24; adding 0.5 lets the processor round to that.
  if (size < 0x38800000) {
    float[0] = Math.abs(value) + 0.5;
    return sign | ((bits[0] ?? 0) - 0x3f000000);
  }
  const rounded = size + 0xfff + ((size >>> 13) & 1); // to even on a tie
  return sign | ((rounded - 0x38000000) >>> 13);
}

function floatOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction > 0 ? Number.NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
