import * as z from "zod";
import { parseSent } from "../sent.ts";
import { scoredLabel } from "./media.ts";
import { bytesOf, defineTask, type WireForm } from "./task.ts";

const input = z.object({ text: z.string().min(1) });
const output = z.array(scoredLabel);

const labels: WireForm<z.output<typeof input>, never, z.output<typeof output>> = {
  input,
  output,
  read: (body) => parseSent(input, body),
  write: (scored) => scored,
};

/**
 * A text in, every label of the model with its score out, in the order of the model's labels.
 * Source: developers.cloudflare.com/workers-ai/models/distilbert-sst-2-int8, seen 2026-10.
 */
export const textClassification = defineTask({
  label: "Text Classification",
  id: "19606750-23ed-4371-aab2-c20349b53a60",
  description: "Says how well each of a few labels fits a text",
  input,
  delta: z.never(),
  output,
  bound: ({ text }) => ({ "input-token": bytesOf(text) + 8 }),
  wire: { labels },
});
