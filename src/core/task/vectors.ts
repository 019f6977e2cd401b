import * as z from "zod";

export const input = z.object({
  text: z.array(z.string().min(1)).min(1).max(100),
  /** How token vectors become one; absent: what the model was trained with. The two are not comparable. */
  pooling: z.enum(["mean", "cls"]).optional(),
});

export const output = z.object({
  shape: z.tuple([z.int(), z.int()]),
  data: z.array(z.array(z.number())),
  pooling: z.enum(["mean", "cls"]).optional(),
});

export type TextEmbeddingsInput = z.output<typeof input>;
export type TextEmbeddingsOutput = z.output<typeof output>;
