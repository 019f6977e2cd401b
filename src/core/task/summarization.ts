import * as z from "zod";
import { parseSent } from "../sent.ts";
import { bytesOf, defineTask, type WireForm } from "./task.ts";

const input = z.object({
  input_text: z.string().min(1),
  /** Tokens of the summary. */
  max_length: z.int().min(1).max(1024),
});
const output = z.object({ summary: z.string() });

const summaryBody = z.object({ input_text: z.string().min(1), max_length: z.int().min(1).max(1024).nullish() });

/** Source: developers.cloudflare.com/workers-ai/models/bart-large-cnn, seen 2026-10. */
const summary: WireForm<z.output<typeof input>, never, z.output<typeof output>> = {
  input: summaryBody,
  output,
  read(sent) {
    const body = parseSent(summaryBody, sent);
    return { input_text: body.input_text, max_length: body.max_length ?? 1024 };
  },
  write: (made) => ({ summary: made.summary }),
};

/** A long text in, a short one out. */
export const summarization = defineTask({
  label: "Summarization",
  id: "6f4e65d8-da0f-40d2-9aa4-db582a5a04fd",
  description: "Makes a long text short",
  input,
  delta: z.never(),
  output,
  bound: ({ input_text: text, max_length: most }) => ({ "input-token": bytesOf(text) + 16, "output-token": most }),
  wire: { summary },
});
