import * as z from "zod";
import { bytesOf, defineTask } from "./task.ts";
import { embeddingWireForms } from "./text-embeddings-wire.ts";
import { input, output } from "./vectors.ts";

/**
 * Text in, one vector per text out.
 *
 * - input.text: 1 to 100 strings, each cut by the engine at the card's `contextTokens` (512 for bge)
 * - output.shape: [texts, dimensions]
 * - output.data: row-major, length-normalised; data[i] belongs to text[i]
 *
 * Source: developers.cloudflare.com/workers-ai/models/bge-base-en-v1.5, seen 2026-10.
 */
export const textEmbeddings = defineTask({
  label: "Text Embeddings",
  id: "0137cdcf-162a-4108-94f2-1ca59e8c65ee",
  description: "Turns texts into vectors that are near each other when the texts mean the same",
  input,
  delta: z.never(),
  output,
  bound: ({ text }) => ({ "input-token": text.reduce((sum, one) => sum + bytesOf(one) + 8, 0) }),
  wire: embeddingWireForms,
});
