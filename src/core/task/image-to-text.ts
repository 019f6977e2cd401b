import * as z from "zod";
import { parseSent } from "../sent.ts";
import { byteArray, media, readByteArray } from "./media.ts";
import { bytesOf, defineTask, type WireForm } from "./task.ts";
import { sampling } from "./generation.ts";

const input = z.object({
  image: media,
  /** What is asked about the picture; absent: to describe it. */
  prompt: z.string().optional(),
  ...sampling.shape,
  max_tokens: z.int().min(1).max(4096),
});
const output = z.object({ description: z.string() });

export type ImageToTextInput = z.output<typeof input>;

const defaultMaxTokens = 512;
/** What a picture is at most, in tokens. Source: developers.cloudflare.com/workers-ai/platform/pricing, page of 2024-11. */
const mostImageTokens = 6404;

const descriptionBody = z.object({
  image: byteArray,
  prompt: z.string().nullish(),
  max_tokens: z.int().min(1).max(4096).nullish(),
  temperature: z.number().min(0).max(5).nullish(),
  top_p: z.number().min(0).max(2).nullish(),
  top_k: z.int().min(1).max(50).nullish(),
  seed: z.int().nullish(),
  raw: z.boolean().nullish(),
});

/** Source: developers.cloudflare.com/workers-ai/models/uform-gen2-qwen-500m, seen 2026-10. */
const description: WireForm<ImageToTextInput, { text: string }, z.output<typeof output>> = {
  input: descriptionBody,
  output,
  read(sent) {
    const body = parseSent(descriptionBody, sent);
    return {
      image: readByteArray(body.image),
      prompt: body.prompt ?? undefined,
      max_tokens: body.max_tokens ?? defaultMaxTokens,
      temperature: body.temperature ?? undefined,
      top_p: body.top_p ?? undefined,
      top_k: body.top_k ?? undefined,
      seed: body.seed ?? undefined,
    };
  },
  readMedia: (image) => ({ image, max_tokens: defaultMaxTokens }),
  write: (made) => ({ description: made.description }),
};

/** A picture in, words about it out. */
export const imageToText = defineTask({
  label: "Image-to-Text",
  id: "882a91d1-c331-4eec-bdad-834c919942a8",
  description: "Describes a picture in words",
  input,
  delta: z.object({ text: z.string() }),
  output,
  bound: ({ prompt = "", max_tokens: most }) => ({ image: 1, "input-token": mostImageTokens + bytesOf(prompt) + 64, "output-token": most }),
  wire: { description },
});
