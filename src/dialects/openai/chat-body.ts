import * as z from "zod";
import { chatFields } from "../../core/index.ts";

export const chatBody = z.object({
  model: z.string().min(1),
  ...chatFields,
  /** How many answers to make. */
  n: z.int().min(1).max(16).nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
});
export type ChatBody = z.output<typeof chatBody>;
