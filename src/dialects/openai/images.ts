import * as z from "zod";
import { base64Of, type Media, type TextToImageInput } from "../../core/index.ts";
import { findModel } from "../../gateway/index.ts";
import { fieldsOf, filesOf, missing } from "../form.ts";
import { receiptHeaders, receiptOf } from "../receipt.ts";
import { type Reply, route, type RouteRequest } from "../route.ts";
import { dataEvent } from "../sse.ts";
import { modelFor } from "./default-models.ts";
import { addressOf, makePictures, pictureFields, readPicture } from "./pictures.ts";

const sharedFields = {
  model: z.string().nullish(),
  n: z.int().min(1).max(10).nullish(),
  response_format: z.enum(["url", "b64_json"]).nullish(),
  stream: z.boolean().nullish(),
  ...pictureFields,
} as const;

const generationBody = z.object({ prompt: z.string().min(1).max(32_000), ...sharedFields });

const reply = z.object({
  created: z.int(),
  data: z.array(z.object({ url: z.string().optional(), b64_json: z.string().optional() })),
});

/** Source: platform.openai.com/docs/api-reference/images, seen 2026-11. */
export const generateImages = route({
  method: "post",
  path: "/v1/images/generations",
  summary: "Draw pictures from a description",
  permission: "run",
  body: generationBody,
  reply,
  also: ["text/event-stream"],
  handle: (request) => answer(request, request.body, { prompt: request.body.prompt, ...readPicture(request.body) }, "image_generation"),
});

export const editImages = route({
  method: "post",
  path: "/v1/images/edits",
  summary: "Change a picture, or the part of it that a mask shows (multipart: image, mask, prompt)",
  permission: "run",
  reply,
  also: ["text/event-stream"],
  async handle(request) {
    const form = await request.raw.form();
    const body = generationBody.parse(fieldsOf(form));
    const [image] = await filesOf(form, ["image", "image[]"]);
    if (!image) throw missing("image");
    const [mask] = await filesOf(form, ["mask"]);
    // Workers AI's own default leaves nothing of a picture that has no mask; an edit is meant to.
    const strength = mask ? {} : { strength: 0.75 };
    return answer(request, body, { prompt: body.prompt, ...strength, ...defined(readPicture(body)), image, mask }, "image_edit");
  },
});

const variationBody = z.object(sharedFields);

export const varyImage = route({
  method: "post",
  path: "/v1/images/variations",
  summary: "Draw pictures like one that is sent (multipart: image)",
  permission: "run",
  reply,
  async handle(request) {
    const form = await request.raw.form();
    const body = variationBody.parse(fieldsOf(form));
    const [image] = await filesOf(form, ["image"]);
    if (!image) throw missing("image");
    return answer(request, body, { prompt: "a picture", strength: 0.5, ...defined(readPicture(body)), image }, "image_generation");
  },
});

async function answer(
  request: RouteRequest<unknown>,
  body: z.output<typeof variationBody>,
  input: TextToImageInput,
  event: "image_generation" | "image_edit",
): Promise<Reply> {
  const model = findModel(request.models, modelFor(request, body.model, "text-to-image"), "text-to-image").name;
  const write = async (image: Media) =>
    body.response_format === "b64_json" ? { b64_json: base64Of(image.bytes) } : { url: await addressOf(request, image) };
  const created = Math.floor(request.at / 1000);

  async function* events(): AsyncGenerator<string> {
    for (const { output } of await makePictures(request, model, input, body.n ?? 1)) {
      const type = `${event}.completed`;
      // streamed pictures are always data: the clients that read these events look for nothing else
      yield `event: ${type}\n${dataEvent({ type, b64_json: base64Of(output.image.bytes), created_at: created, output_format: output.image.mediaType.replace("image/", "") })}`;
    }
  }
  if (body.stream) return { events: events(), idle: ": idle\n\n" };

  const ends = await makePictures(request, model, input, body.n ?? 1);
  return {
    json: { created, data: await Promise.all(ends.map(({ output }) => write(output.image))) },
    headers: receiptHeaders(receiptOf(ends)),
  };
}

function defined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>; // the same keys, fewer
}
