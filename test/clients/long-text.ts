import { builtIns } from "../../src/catalogue/index.ts";
import { dayOf, microneuronsOf } from "../../src/core/index.ts";

/** How many words the text below has, and `@ganglion/echo` counts as tokens. */
export const longTextWords = 100_000;

/** A text whose echo, as a stream of some 25 MB, fits into nobody's buffers: who leaves it early is noticed, and who stops reading too. */
export const longText = "abc ".repeat(longTextWords).trimEnd();

/** What the built-in models cost, in neurons. */
export function neuronsOf(read: number, made: number): number {
  const [{ price } = { price: [] }] = builtIns({ modelsFolder: "" });
  return microneuronsOf(price, { "input-token": read, "output-token": made }, dayOf(Date.now())) / 1_000_000;
}
