import * as z from "zod";
import { parseSent } from "../sent.ts";
import { bytesOf, defineTask, type WireForm } from "./task.ts";

const input = z.object({
  query: z.string().min(1),
  contexts: z
    .array(z.object({ text: z.string() }))
    .min(1)
    .max(1000),
  /** How many of the best to return; absent: all. */
  top_k: z.int().min(1).optional(),
});

/** Best first; `id` is the index of the context. Scores are 0 to 1. */
const output = z.array(z.object({ id: z.int(), score: z.number() }));

const scores: WireForm<z.output<typeof input>, never, z.output<typeof output>> = {
  input,
  output: z.object({ response: output }),
  read: (body) => parseSent(input, body),
  write: (response) => ({ response }),
};

/**
 * A query and contexts in, the contexts' order by relevance out. Cloudflare's catalogue files it under Text Classification.
 * Source: developers.cloudflare.com/workers-ai/models/bge-reranker-base, seen 2026-10.
 */
export const reranking = defineTask({
  label: "Text Classification",
  id: "19606750-23ed-4371-aab2-c20349b53a60",
  description: "Orders texts by how well they answer a query",
  input,
  delta: z.never(),
  output,
  bound: ({ query, contexts }) => ({
    "input-token": contexts.reduce((sum, { text }) => sum + bytesOf(query) + bytesOf(text) + 16, 0),
  }),
  wire: { scores },
});
