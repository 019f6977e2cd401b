/** Evenly distributed shares between 0 and 1, without these two. */
export type Shares = () => number;

/**
 * The same seed gives the same shares, on every machine and in every version from now on.
 *
 * 32-bit words come from sfc32 (Chris Doty-Humphrey, PractRand): its counter starts at 1, its three words at the low and the high half
 * of the seed as a 64-bit two's complement and at 0x9e3779b9, and the first 12 words are thrown away. A word w is the share
 * (w + 0.5) / 2^32.
 *
 * @param seed a safe integer
 */
export function createShares(seed: number): Shares {
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
  for (let i = 0; i < 12; i++) word();

  return () => (word() + 0.5) / 2 ** 32;
}
