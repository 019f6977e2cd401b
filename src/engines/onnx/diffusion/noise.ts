/** Makes normally distributed numbers, mean 0 and variance 1: the next so many of one endless row. */
export type Noise = (count: number) => Float32Array;

/**
 * The same seed gives the same numbers, on every machine and in every version from now on.
 *
 * 32-bit words come from sfc32 (Chris Doty-Humphrey, PractRand): its counter starts at 1, its three words at the low and the high half
 * of the seed as a 64-bit two's complement and at 0x9e3779b9, and the first 12 words are thrown away. A word w is the share
 * u = (w + 0.5) / 2^32, and each pair of shares is one number, sqrt(-2 ln u1) cos(2 pi u2) (Box and Muller, 1958), rounded to 32 bits.
 *
 * @param seed a safe integer
 */
export function createNoise(seed: number): Noise {
  let [a, b] = [seed | 0, Math.floor(seed / 2 ** 32) | 0];
  let c = 0x9e3779b9 | 0;
  let counter = 1;

  function word(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  const share = () => (word() + 0.5) / 2 ** 32;
  for (let i = 0; i < 12; i++) word();

  return (count) =>
    Float32Array.from({ length: count }, () => {
      const distance = Math.sqrt(-2 * Math.log(share()));
      return distance * Math.cos(2 * Math.PI * share());
    });
}
