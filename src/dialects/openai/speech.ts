import * as z from "zod";
import { audioFormats, base64Of } from "../../core/index.ts";
import { type Ask, findModel, lastOf } from "../../gateway/index.ts";
import { receiptHeaders } from "../receipt.ts";
import { route, type RouteRequest } from "../route.ts";
import { dataEvent } from "../sse.ts";
import { modelFor } from "./default-models.ts";

const body = z.object({
  model: z.string().nullish(),
  input: z.string().min(1).max(4096),
  /** A name, or what programs have as an object around it. */
  voice: z.union([z.string().max(100), z.object({ id: z.string().max(100) })]).nullish(),
  response_format: z.enum(audioFormats).nullish(),
  speed: z.number().min(0.25).max(4).nullish(),
  stream_format: z.enum(["audio", "sse"]).nullish(),
});

/** Source: platform.openai.com/docs/api-reference/audio/createSpeech, seen 2026-11. */
export const speech = route({
  method: "post",
  path: "/v1/audio/speech",
  summary: "Read a text aloud",
  permission: "run",
  body,
  reply: z.string().meta({ format: "binary" }),
  also: ["audio/mpeg", "audio/wav", "audio/flac", "audio/ogg", "text/event-stream"],
  async handle(request) {
    const { model, input, voice, response_format: format, speed, stream_format: stream } = request.body;
    const ask: Ask<"text-to-speech"> = {
      id: request.id,
      caller: request.caller,
      task: "text-to-speech",
      model: findModel(request.models, modelFor(request, model, "text-to-speech"), "text-to-speech").name,
      input: {
        text: input,
        voice: (typeof voice === "object" ? voice?.id : voice) ?? undefined,
        speed: speed ?? undefined,
        format: format ?? undefined,
      },
      signal: request.signal,
    };
    if (stream === "sse") return { events: eventsOf(request, ask), idle: ": idle\n\n" };
    const end = await lastOf(request.gateway.run(ask));
    if (!end) return { bytes: new Uint8Array(), mediaType: "audio/wav" }; // the client has gone
    return { ...end.output.audio, headers: receiptHeaders(end) };
  },
});

async function* eventsOf(request: RouteRequest<unknown>, ask: Ask<"text-to-speech">): AsyncGenerator<string> {
  let pieces = 0;
  for await (const answer of request.gateway.run(ask)) {
    if (answer.type === "delta") {
      pieces++;
      yield dataEvent({ type: "speech.audio.delta", audio: base64Of(answer.delta.audio) });
    }
    if (answer.type !== "end") continue;
    if (pieces === 0) yield dataEvent({ type: "speech.audio.delta", audio: base64Of(answer.output.audio.bytes) });
    yield dataEvent({ type: "speech.audio.done" });
  }
}

/** Open WebUI asks for both lists below its speech address. Source: github.com/open-webui/open-webui, routers/audio.py. */
export const speechModels = route({
  method: "get",
  path: "/v1/audio/models",
  summary: "List the models that read aloud",
  permission: "run",
  reply: z.object({ models: z.array(z.object({ id: z.string() })) }),
  handle: async ({ models }) => ({
    json: { models: models.all.filter(({ task }) => task === "text-to-speech").map(({ name }) => ({ id: name })) },
  }),
});

/** OpenAI's names, which clients have built in. A model that has none of them reads with the voice it has. */
const voices = ["alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse"];

export const speechVoices = route({
  method: "get",
  path: "/v1/audio/voices",
  summary: "List the names of voices",
  permission: "run",
  reply: z.object({ voices: z.array(z.object({ id: z.string(), name: z.string() })) }),
  handle: async () => ({ json: { voices: voices.map((id) => ({ id, name: id })) } }),
});
