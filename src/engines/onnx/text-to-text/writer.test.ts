import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openGraph } from "../graph.ts";
import { createDecoder } from "./decoder.ts";
import recorded from "./fixtures/bart/expected.json" with { type: "json" };
import { generationOf } from "./generation-settings.ts";
import { createWriter, type Source } from "./writer.ts";

const fixture = (file: string) => openGraph(fileURLToPath(new URL(`fixtures/bart/${file}.onnx`, import.meta.url)), 1);
const [encoder, firstGraph, nextGraph] = [
  await fixture("encoder_model"),
  await fixture("decoder_model"),
  await fixture("decoder_with_past_model"),
];
const decoder = createDecoder([firstGraph, nextGraph]);
afterAll(async () => {
  for (const graph of [encoder, firstGraph, nextGraph]) await graph.release();
});

type Case = (typeof recorded.cases)[number];

function setUp({ source, settings }: Case) {
  const { choosing, first, minLength } = generationOf({
    ...settings,
    decoder_start_token_id: 2,
    eos_token_id: 2,
    forced_eos_token_id: 2,
    pad_token_id: 1,
  });
  const own: Source = { ids: source, first, least: minLength - first.length + 1, most: settings.max_length - first.length };
  return { own, choosing, first };
}

const others: readonly Source[] = recorded.cases
  .slice(0, 5)
  .map(({ source }, i) => ({ ids: source, first: [2, 5], least: 0, most: 6 + 5 * i }));

describe("a BART", () => {
  it("writes what transformers' own generate() writes with it, greedily and with beams", async () => {
    for (const one of recorded.cases) {
      const { own, choosing, first } = setUp(one);
      const [written] = await createWriter({ encoder, decoder, choosing, padId: 1 })([own], () => false);
      expect([...first, ...(written?.tokens ?? []), 2]).toEqual(one.made);
    }
  });

  it("writes the same for a text among others, shorter and longer ones", async () => {
    for (const one of recorded.cases) {
      const { own, choosing, first } = setUp(one);
      const written = await createWriter({ encoder, decoder, choosing, padId: 1 })([...others, own, ...others], () => false);
      expect([...first, ...(written[others.length]?.tokens ?? []), 2]).toEqual(one.made);
    }
  });
});

it("goes on with a text no longer than somebody waits for it", async () => {
  const { choosing } = generationOf({ decoder_start_token_id: 2, eos_token_id: 2, num_beams: 2, min_length: 0 });
  const sizes: number[] = [];
  const counted: typeof decoder = {
    ...decoder,
    goOn: (draft, from, tokens) => {
      sizes.push(from.length);
      return decoder.goOn(draft, from, tokens);
    },
  };
  const sources = recorded.cases.slice(0, 2).map(({ source }) => ({ ids: source, first: [2], least: 30, most: 40 }));
  await createWriter({ encoder, decoder: counted, choosing, padId: 1 })(sources, (index) => index === 0 && sizes.length >= 3);
  expect(sizes.slice(0, 5)).toEqual([4, 4, 4, 2, 2]);
  expect(sizes.length).toBeGreaterThanOrEqual(29);
  sizes.length = 0;
  await createWriter({ encoder, decoder: counted, choosing, padId: 1 })(sources, () => sizes.length >= 2);
  expect(sizes).toEqual([4, 4]);
});
