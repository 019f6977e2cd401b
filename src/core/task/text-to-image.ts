import * as z from "zod";
import { parseSent } from "../sent.ts";
import type { Usage } from "../usage.ts";
import { base64Of, byteArray, media, type Media, readBase64, readByteArray } from "./media.ts";
import { defineTask, type WireForm } from "./task.ts";

/** What engines take; Workers AI takes no less than 256. */
const side = z.int().min(64).max(2048);
const wireSide = z.int().min(256).max(2048);

const input = z.object({
  prompt: z.string().min(1),
  negative_prompt: z.string().optional(),
  /** In pixels; absent: what the model was made for. */
  height: side.optional(),
  width: side.optional(),
  /** To begin from instead of noise; with `mask`, what is repainted. */
  image: media.optional(),
  /** White is repainted, black stays. */
  mask: media.optional(),
  /** Denoising steps; absent: what the model was made for. */
  num_steps: z.int().min(1).max(50).optional(),
  /** How much of `image` is made anew: 1 is all of it. */
  strength: z.number().min(0).max(1).optional(),
  guidance: z.number().min(0).max(30).optional(),
  seed: z.int().optional(),
});

/** A step that is done. */
const delta = z.object({ step: z.int(), of: z.int() });
const output = z.object({ image: media });

export type TextToImageInput = z.output<typeof input>;

/** The largest picture and the most steps that a call without sizes can mean: no model of the catalogue is made for more. */
const assumedSide = 1024;
const assumedSteps = 50;

/** What a picture of a size and a number of steps is counted as. */
export function imageUsage(
  width: number,
  height: number,
  steps: number,
  from?: { readonly width: number; readonly height: number },
): Usage {
  const tiles = (w: number, h: number) => Math.ceil(w / 512) * Math.ceil(h / 512);
  const megapixels = (w: number, h: number) => Math.ceil((w * h) / 1_048_576);
  const larger = Math.max(width, height);
  const bySide = larger <= 256 ? "step-256" : larger <= 512 ? "step-512" : larger <= 1024 ? "step-1024" : "step-2048";
  const made = megapixels(width, height);
  return {
    tile: tiles(width, height),
    step: steps,
    [bySide]: steps,
    "first-megapixel": 1,
    "subsequent-megapixel": made - 1,
    ...(from && { "input-tile": tiles(from.width, from.height), "input-megapixel": megapixels(from.width, from.height) }),
  };
}

const pictureFields = {
  prompt: z.string().min(1),
  negative_prompt: z.string().nullish(),
  height: wireSide.nullish(),
  width: wireSide.nullish(),
  seed: z.int().nullish(),
} as const;

const diffusionBody = z.object({
  ...pictureFields,
  image: byteArray.nullish(),
  image_b64: z.string().nullish(),
  mask: byteArray.nullish(),
  num_steps: z.int().min(1).max(20).nullish(),
  strength: z.number().min(0).max(1).nullish(),
  guidance: z.number().min(0).max(30).nullish(),
});

type PictureForm = WireForm<TextToImageInput, z.output<typeof delta>, z.output<typeof output>>;

const pictureBody = z.object(pictureFields);

function shared(body: z.output<typeof pictureBody>): TextToImageInput {
  return {
    prompt: body.prompt,
    negative_prompt: body.negative_prompt ?? undefined,
    height: body.height ?? undefined,
    width: body.width ?? undefined,
    seed: body.seed ?? undefined,
  };
}

/** Stable Diffusion and its kin: the reply is the picture's bytes. Source: developers.cloudflare.com/workers-ai/models/stable-diffusion-xl-base-1.0. */
const png: PictureForm = {
  input: diffusionBody,
  output: z.string().meta({ format: "binary", contentType: "image/png" }),
  read(sent) {
    const body = parseSent(diffusionBody, sent);
    const from = body.image ? readByteArray(body.image) : body.image_b64 ? readBase64(body.image_b64, "image_b64") : undefined;
    return {
      ...shared(body),
      image: from,
      mask: body.mask ? readByteArray(body.mask) : undefined,
      num_steps: body.num_steps ?? undefined,
      strength: body.strength ?? undefined,
      guidance: body.guidance ?? undefined,
    };
  },
  write: () => undefined,
  writeMedia: ({ image }): Media => image,
};

const fluxBody = z.strictObject({
  prompt: z.string().min(1).max(2048),
  steps: z.int().min(1).max(8).optional(),
  num_steps: z.int().min(1).max(8).optional(),
  seed: z.int().optional(),
  width: wireSide.optional(),
  height: wireSide.optional(),
});

/** flux-1-schnell and lucid-origin: `{image}` in base64. Source: developers.cloudflare.com/workers-ai/models/flux-1-schnell. */
const base64Image: PictureForm = {
  input: fluxBody,
  output: z.object({ image: z.string() }),
  read(sent) {
    const { steps, num_steps: same, ...body } = parseSent(fluxBody, sent);
    return { ...shared(body), num_steps: steps ?? same ?? 4 };
  },
  write: ({ image }) => ({ image: base64Of(image.bytes) }),
};

/** Words in, a picture out; with a picture in, that one changed; with a mask, a part of it. */
export const textToImage = defineTask({
  label: "Text-to-Image",
  id: "3d6e1f35-341b-4915-a6c8-9a7142a9033a",
  description: "Draws a picture from a description",
  input,
  delta,
  output,
  bound({ width, height, num_steps: steps = assumedSteps, image }) {
    const most = imageUsage(width ?? assumedSide, height ?? assumedSide, steps, image && { width: 2048, height: 2048 });
    // A model of smaller pictures counts its steps in a smaller unit.
    return width === undefined || height === undefined ? { ...most, "step-256": steps, "step-512": steps } : most;
  },
  wire: { png, "base64-image": base64Image },
});
