import type { Graph } from "../graph.ts";
import type { Decoder, Draft, Encoded } from "./decoder.ts";
import { createSearch, type Bounds, type Choosing, type Written } from "./search.ts";

/** A text to read, and what bounds the one that is written for it. */
export interface Source extends Bounds {
  readonly ids: readonly number[];
}

/** Writes a text for each of the sources, all at the same time. Those that nobody waits for any more are given up between two tokens. */
export type Writer = (sources: readonly Source[], left: (index: number) => boolean) => Promise<readonly Written[]>;

export interface WriterParts<D extends Draft> {
  readonly encoder: Graph;
  readonly decoder: Decoder<D>;
  readonly choosing: Choosing;
  /** Fills up what is shorter than the longest. */
  readonly padId: number;
}

export function createWriter<D extends Draft>({ encoder, decoder, choosing, padId }: WriterParts<D>): Writer {
  return async (sources, left) => {
    const searches = sources.map((source) => createSearch(choosing, source));
    let draft = await decoder.begin(
      await encode(encoder, sources, padId),
      sources.map(({ first }) => first),
    );
    let rows = sources.map((_, i) => [i]); // of the draft, by source
    for (;;) {
      const from: number[] = [];
      const tokens: number[] = [];
      const next = searches.map((search, i): number[] => {
        const own = rows[i] ?? [];
        if (own.length === 0 || left(i)) return [];
        search.choose(own.map((row) => draft.scores(row)));
        return search.ways.map((way) => {
          tokens.push(way.token);
          return from.push(own[way.from] ?? 0) - 1;
        });
      });
      if (from.length === 0) return searches.map(({ best }) => best);
      draft = await decoder.goOn(draft, from, tokens);
      rows = next;
    }
  };
}

async function encode(encoder: Graph, sources: readonly Source[], padId: number): Promise<Encoded> {
  const longest = Math.max(...sources.map(({ ids }) => ids.length));
  const dims = [sources.length, longest];
  const filled = (value: (id: number | undefined) => number) =>
    sources.flatMap(({ ids }) => Array.from({ length: longest }, (_, i) => value(ids[i])));
  const mask = { data: filled((id) => (id === undefined ? 0 : 1)), dims };
  const { last_hidden_state: states } = await encoder.run(
    { input_ids: { data: filled((id) => id ?? padId), dims }, attention_mask: mask },
    ["last_hidden_state"],
  );
  return { states: states ?? { data: new Float32Array(), dims: [0, 0, 0] }, mask };
}
