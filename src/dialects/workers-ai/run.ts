import * as z from "zod";
import { type AnyWireForm, jsonObject } from "../../core/index.ts";
import { type ReadInput, readJson, refuseBatch, runNative } from "../native-run.ts";
import { type Reply, route, type RouteRequest } from "../route.ts";
import { envelope, envelopeOf } from "./envelope.ts";

/** Runs a model whose name is in the path, raw or percent-encoded. Source: developers.cloudflare.com/api/resources/ai/methods/run. */
export const runModel = route({
  method: "post",
  path: "/client/v4/accounts/:account/ai/run/:model{.+}",
  summary: "Run a model; the body is the model's input",
  permission: "run",
  reply: envelopeOf(z.unknown()),
  also: ["text/event-stream", "image/png", "audio/mpeg"],
  handle: (request) => run(request, request.params["model"] ?? "", (form) => readBody(request, form)),
});

const modelInBody = z.object({ model: z.string().min(1), input: jsonObject.optional() });

/** The name is in the body, beside or above the input. */
export const runModelInBody = route({
  method: "post",
  path: "/client/v4/accounts/:account/ai/run",
  summary: "Run a model that the body names as `model`, with its input as `input` or beside it",
  permission: "run",
  body: modelInBody,
  reply: envelopeOf(z.unknown()),
  also: ["text/event-stream"],
  async handle(request) {
    const { model, input } = request.body;
    return run(request, model, async (form) => readJson(form, input ?? (await request.raw.json())));
  },
});

async function run(request: RouteRequest<unknown>, name: string, read: ReadInput): Promise<Reply> {
  refuseBatch(request.query.get("queueRequest"));
  const reply = await runNative(request, name, read);
  return "json" in reply ? { ...reply, json: envelope(reply.json) } : reply;
}

/** The body is JSON if it looks like that, whatever it says it is; else, for a model that takes one, the file itself. */
async function readBody({ raw, query }: RouteRequest<unknown>, form: AnyWireForm): ReturnType<ReadInput> {
  if (form.readMedia && raw.bytes.length > 0 && !raw.looksLikeJson) {
    const file = { bytes: raw.bytes, mediaType: raw.mediaType ?? "application/octet-stream" };
    return { body: undefined, input: form.readMedia(file, query) };
  }
  return readJson(form, await raw.json());
}
