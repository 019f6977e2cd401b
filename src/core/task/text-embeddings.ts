import * as z from "zod";
import { bytesOf, defineTask } from "./task.ts";
import { embeddingWireForms } from "./text-embeddings-wire.ts";

const input = z.object({
  text: z.array(z.string().min(1)).min(1).max(100),
  /** How token vectors become one; absent: what the model was trained with. The two are not comparable. */
  pooling: z.enum(["mean", "cls"]).optional(),
});

const output = z.object({
  shape: z.tuple([z.int(), z.int()]),
  data: z.array(z.array(z.number())),
  pooling: z.enum(["mean", "cls"]).optional(),
});

export type TextEmbeddingsInput = z.output<typeof input>;
export type TextEmbeddingsOutput = z.output<typeof output>;

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
