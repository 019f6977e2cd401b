/** All of them, in a new order: what runs first or last pays for what others did to caches, clock and neighbours. */
export function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  return order;
}

/** What the variants of one thing measured, a value for each round. */
export type Samples<V extends string> = Readonly<Record<V, readonly number[]>>;

/** Runs all variants of all cases once a round, each round in a new order. */
export async function inRounds<V extends string, C extends string, S>(
  rounds: number,
  cases: readonly C[],
  variants: readonly V[],
  measure: (one: C, variant: V) => Promise<S>,
): Promise<Record<C, Record<V, S[]>>> {
  const samples = emptySamples<V, C, S>(cases, variants);
  for (let round = 0; round < rounds; round++) await oneRound(samples, measure);
  return samples;
}

export function emptySamples<V extends string, C extends string, S>(
  cases: readonly C[],
  variants: readonly V[],
): Record<C, Record<V, S[]>> {
  const none = () => Object.fromEntries(variants.map((variant) => [variant, []])) as unknown as Record<V, S[]>; // a list for each variant
  return Object.fromEntries(cases.map((one) => [one, none()])) as Record<C, Record<V, S[]>>; // and that for each case
}

/** Adds one sample to every list. */
export async function oneRound<V extends string, C extends string, S>(
  samples: Record<C, Record<V, S[]>>,
  measure: (one: C, variant: V) => Promise<S>,
): Promise<void> {
  for (const one of shuffled(Object.keys(samples) as C[])) {
    for (const variant of shuffled(Object.keys(samples[one]) as V[])) samples[one][variant].push(await measure(one, variant));
  }
}

/** Round by round, one variant's value with another's: what disturbed both in a round disturbs their ratio least. */
export function pairs<S, R = number>(ones: readonly S[], others: readonly S[], compare: (one: S, other: S) => R): R[] {
  return ones.flatMap((one, round) => {
    const other = others[round];
    return other === undefined ? [] : [compare(one, other)];
  });
}

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summaryOf(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}
