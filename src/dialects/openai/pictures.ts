import * as z from "zod";
import { type Media, Problem, type TextToImageInput } from "../../core/index.ts";
import { type Ask, type Ended, lastOf } from "../../gateway/index.ts";
import type { RouteRequest } from "../route.ts";

/** Fields of a picture as clients of every family send them; null means absent. */
export const pictureFields = {
  /** `WIDTHxHEIGHT`, or `auto` for what the model was made for. */
  size: z
    .string()
    .regex(/^(?:auto|\d{2,4}x\d{2,4})$/)
    .nullish(),
  seed: z.int().nullish(),
  negative_prompt: z.string().nullish(),
  num_inference_steps: z.int().min(1).max(50).nullish(),
  num_steps: z.int().min(1).max(50).nullish(),
  steps: z.int().min(1).max(50).nullish(),
  guidance_scale: z.number().min(0).max(30).nullish(),
  guidance: z.number().min(0).max(30).nullish(),
  strength: z.number().min(0).max(1).nullish(),
} as const;

const pictureBody = z.object(pictureFields);

/** The core words of the fields, without the prompt. */
export function readPicture(body: z.output<typeof pictureBody>): Omit<TextToImageInput, "prompt"> {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(body.size ?? "") ?? [];
  return {
    ...(width !== undefined && { width: sideOf(width) }),
    ...(height !== undefined && { height: sideOf(height) }),
    seed: body.seed ?? undefined,
    negative_prompt: body.negative_prompt ?? undefined,
    num_steps: body.num_steps ?? body.num_inference_steps ?? body.steps ?? undefined,
    guidance: body.guidance ?? body.guidance_scale ?? undefined,
    strength: body.strength ?? undefined,
  };
}

function sideOf(text: string): number {
  const side = Number(text);
  if (side >= 64 && side <= 2048) return side;
  throw new Problem("bad-input", "a side of size must be 64 to 2048 pixels, as in 512x512", { details: { field: "/size" } });
}

type PictureEnd = Ended<"text-to-image">;

/** Makes `count` pictures; a seed moves on by one from picture to picture, else all would be the same. Fewer when the client has gone. */
export async function makePictures(
  request: RouteRequest<unknown>,
  model: string,
  input: TextToImageInput,
  count: number,
): Promise<PictureEnd[]> {
  const asks = Array.from({ length: count }, (_, index): Ask<"text-to-image"> => ({
    id: index === 0 ? request.id : `${request.id}-${index}`,
    caller: request.caller,
    task: "text-to-image",
    model,
    input: input.seed === undefined ? input : { ...input, seed: input.seed + index },
    signal: request.signal,
  }));
  await request.gateway.checkTogether(asks);
  const ends = await Promise.all(asks.map((ask) => lastOf(request.gateway.run(ask))));
  return ends.filter((end) => end !== undefined);
}

/** Keeps a picture and gives its address, on the operator's public URL or on the one that the client used. */
export async function addressOf(request: RouteRequest<unknown>, { bytes }: Media): Promise<string> {
  const name = await request.files.put({ accountId: request.caller.account.id, bytes });
  return `${(request.publicUrl ?? request.url.origin).replace(/\/$/, "")}/file/${name}`;
}
