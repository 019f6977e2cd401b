import type { Graph, Made, Values } from "../graph.ts";

/** What an encoder made of some texts, one row each, filled up to the longest. */
export interface Encoded {
  /** [rows, tokens, width] */
  readonly states: Made;
  /** [rows, tokens]: 1 for a token, 0 for what fills up. */
  readonly mask: Values;
}

/** Texts half written. A row is one way to write one of them. */
export interface Draft {
  /** How likely each token of the vocabulary is to come next, as logits; whoever asks may change them. */
  scores(row: number): Float32Array;
}

/** Writes texts token by token, many at a time, and keeps what it has computed for those before. */
export interface Decoder<D extends Draft = Draft> {
  /** A row for each text. All begin with as many tokens as the first. */
  begin(encoded: Encoded, first: readonly (readonly number[])[]): Promise<D>;
  /** Row `i` goes on where row `from[i]` of the draft was, with `tokens[i]`. Rows that nobody goes on with are gone. */
  goOn(draft: D, from: readonly number[], tokens: readonly number[]): Promise<D>;
}

type Cache = Readonly<Record<string, Made>>;

export interface CachedDraft extends Draft {
  /** Which of the encoded texts each row writes. */
  readonly texts: readonly number[];
  readonly encoded: Encoded;
  /** Of the encoded texts, which stays the same. */
  readonly read: Cache;
  /** Of the tokens so far. */
  readonly written: Cache;
}

/** The graphs of a decoder: one that does both, or one for the first tokens and one for each after them. */
export type DecoderGraphs = readonly [merged: Graph] | readonly [first: Graph, next: Graph];

/**
 * Exporters name what a decoder keeps `present.3.decoder.key` where it comes out and `past_key_values.3.decoder.key` where it goes in.
 * Source: github.com/huggingface/optimum-onnx, the exporter's configurations, seen 2026-11.
 */
export function createDecoder([firstGraph, nextGraph = firstGraph]: DecoderGraphs): Decoder<CachedDraft> {
  const kept = firstGraph.outputs.filter((name) => name.startsWith("present"));
  const written = nextGraph.outputs.filter((name) => name.startsWith("present") && !name.includes(".encoder."));

  async function begin(encoded: Encoded, first: readonly (readonly number[])[]): Promise<CachedDraft> {
    const made = await firstGraph.run(
      {
        ...emptyCache(firstGraph, first.length),
        ...reading(encoded),
        input_ids: { data: first.flat(), dims: [first.length, first[0]?.length ?? 0] },
        use_cache_branch: { data: [0], dims: [1] },
      },
      ["logits", ...kept],
    );
    const { logits, ...cache } = made;
    return {
      ...scoring(logits),
      texts: first.map((_, text) => text),
      encoded,
      read: pick(cache, (name) => name.includes(".encoder.")),
      written: pick(cache, (name) => !name.includes(".encoder.")),
    };
  }

  async function goOn(draft: CachedDraft, from: readonly number[], tokens: readonly number[]): Promise<CachedDraft> {
    const texts = from.map((row) => draft.texts[row] ?? 0);
    const same = texts.length === draft.texts.length && texts.every((text, row) => text === draft.texts[row]);
    const encoded = same ? draft.encoded : { states: rowsOf(draft.encoded.states, from), mask: rowsOf(draft.encoded.mask, from) };
    const read = same ? draft.read : map(draft.read, (values) => rowsOf(values, from));
    const { logits, ...cache } = await nextGraph.run(
      {
        ...reading(encoded),
        ...asInput(read),
        ...asInput(map(draft.written, (values) => rowsOf(values, from))),
        input_ids: { data: tokens, dims: [tokens.length, 1] },
        use_cache_branch: { data: [1], dims: [1] },
      },
      ["logits", ...written],
    );
    return { ...scoring(logits), texts, encoded, read, written: cache };
  }

  return { begin, goOn };
}

const reading = ({ states, mask }: Encoded) => ({ encoder_hidden_states: states, encoder_attention_mask: mask });

/** A merged graph wants a cache even before there is one. */
function emptyCache(graph: Graph, rows: number): Record<string, Values> {
  const caches = [...graph.inputs].filter(([name]) => name.startsWith("past_key_values"));
  return Object.fromEntries(
    caches.map(([name, sides]) => [name, { data: [], dims: sides.map((side, i) => side ?? (i === 0 ? rows : 0)) }]),
  );
}

function asInput(cache: Cache): Record<string, Made> {
  return Object.fromEntries(Object.entries(cache).map(([name, values]) => [name.replace("present", "past_key_values"), values]));
}

function pick(cache: Cache, wanted: (name: string) => boolean): Cache {
  return Object.fromEntries(Object.entries(cache).filter(([name]) => wanted(name)));
}

function map(cache: Cache, change: (values: Made) => Made): Cache {
  return Object.fromEntries(Object.entries(cache).map(([name, values]) => [name, change(values)]));
}

/** Of [rows, tokens, vocabulary], what the last token of a row says. */
function scoring(logits: Made | undefined): Draft {
  const [, tokens = 1, vocabulary = 0] = logits?.dims ?? [];
  return {
    scores: (row) => (logits?.data ?? new Float32Array()).subarray(((row + 1) * tokens - 1) * vocabulary, (row + 1) * tokens * vocabulary),
  };
}

/** Some rows, in another order, some of them more than once. */
function rowsOf<V extends Values>(values: V, from: readonly number[]): V {
  const [rows = 0, ...sides] = values.dims;
  if (from.length === rows && from.every((row, i) => row === i)) return values;
  const size = sides.reduce((product, side) => product * side, 1);
  const data = new Float32Array(from.length * size);
  const source = values.data instanceof Float32Array ? values.data : Float32Array.from(values.data);
  from.forEach((row, i) => data.set(source.subarray(row * size, (row + 1) * size), i * size));
  return { ...values, data, dims: [from.length, ...sides] };
}
