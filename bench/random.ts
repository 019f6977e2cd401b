/** The same numbers in every run: xorshift32, which is random enough for weights and texts. Source: Marsaglia, Xorshift RNGs, 2003. */
export function createRandom(seed: number) {
  let state = seed | 0 || 1;

  function next(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  }

  return {
    /** In [0, 1). */
    number: () => (next() >>> 0) / 2 ** 32,
    /** Fills 32 bits at a time. */
    fill(numbers: Int32Array): void {
      for (let i = 0; i < numbers.length; i++) numbers[i] = next();
    },
  };
}

export type Random = ReturnType<typeof createRandom>;

/** All words of one to `longest` letters, the short ones first. */
export function* words(longest: number): Generator<string> {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  let all = [""];
  for (let length = 1; length <= longest; length++) {
    const next: string[] = [];
    for (const start of all) for (const letter of letters) next.push(start + letter);
    yield* next;
    all = next;
  }
}

/** A text of common words. Each word is a token or two for the tokenizers here. */
export function textOf(random: Random, wordCount: number): string {
  const letter = () => String.fromCharCode(97 + Math.floor(random.number() * 26));
  return Array.from({ length: wordCount }, () => letter() + letter() + letter()).join(" ");
}
