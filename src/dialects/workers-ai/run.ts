import * as z from "zod";
import { type AnyWireForm, type ModelCard, Problem, taskOf, type TaskId, type WireContext } from "../../core/index.ts";
import { type Ask, lastOf, shown } from "../../gateway/index.ts";
import { receiptHeaders } from "../receipt.ts";
import { type Reply, route, type RouteRequest } from "../route.ts";
import { dataEvent, doneEvent } from "../sse.ts";
import { envelope, envelopeOf } from "./envelope.ts";

/** Runs a model whose name is in the path, raw or percent-encoded. Source: developers.cloudflare.com/api/resources/ai/methods/run. */
export const runModel = route({
  method: "post",
  path: "/client/v4/accounts/:account/ai/run/:model{.+}",
  summary: "Run a model; the body is the model's input",
  permission: "run",
  reply: envelopeOf(z.unknown()),
  also: ["text/event-stream", "image/png", "audio/mpeg"],
  handle: (request) => run(request, request.params["model"] ?? "", () => request.raw.json()),
});

const modelInBody = z.object({ model: z.string().min(1), input: z.record(z.string(), z.unknown()).optional() });

/** The name is in the body, beside or above the input. */
export const runModelInBody = route({
  method: "post",
  path: "/client/v4/accounts/:account/ai/run",
  summary: "Run a model that the body names as `model`, with its input as `input` or beside it",
  permission: "run",
  body: z.looseObject(modelInBody.shape),
  reply: envelopeOf(z.unknown()),
  also: ["text/event-stream"],
  async handle(request) {
    const { model, input, ...rest } = request.body;
    return run(request, model, () => input ?? rest);
  },
});

async function run(request: RouteRequest<unknown>, name: string, json: () => unknown): Promise<Reply> {
  if (request.query.get("queueRequest") === "true") {
    throw new Problem("bad-input", "asynchronous batches are not served yet; send the request without queueRequest", {
      details: { field: "/queueRequest" },
    });
  }
  const card = cardOf(request, name);
  const form = formOf(card);
  const { body, input } = readBody(request, form, json);
  const ask: Ask = {
    id: request.id,
    caller: request.caller,
    task: card.task,
    model: card.name,
    input: input as Ask["input"], // the form belongs to the card's task
    affinity: request.header("x-session-affinity"),
    signal: request.signal,
  };
  const context: WireContext<unknown> = { input, body, model: card.name, callId: request.id, at: request.at };
  if (form.events && asksForStream(body)) {
    return { events: eventsOf(request, ask, form, context), idle: dataEvent(form.events.idle) };
  }
  const end = await lastOf(request.gateway.run(ask));
  if (!end) return { json: envelope(undefined) }; // the client has gone
  const headers = receiptHeaders(end);
  const file = form.writeMedia?.(end.output);
  return file ? { ...file, headers } : { json: envelope(form.write(end.output, end.usage, context)), headers };
}

/** The body is JSON if it looks like that, whatever it says it is; else, for a model that takes one, the file itself. */
function readBody({ raw, query }: RouteRequest<unknown>, form: AnyWireForm, json: () => unknown): { body: unknown; input: unknown } {
  if (form.readMedia && raw.bytes.length > 0 && !raw.looksLikeJson) {
    const file = { bytes: raw.bytes, mediaType: raw.mediaType ?? "application/octet-stream" };
    return { body: undefined, input: form.readMedia(file, query) };
  }
  const body = json();
  return { body, input: form.read(body) };
}

async function* eventsOf(
  request: RouteRequest<unknown>,
  ask: Ask,
  form: AnyWireForm,
  context: WireContext<unknown>,
): AsyncGenerator<string> {
  const { events } = form;
  if (!events) return;
  let begun = false;
  for await (const answer of request.gateway.run(ask)) {
    const objects = partObjects();
    for (const object of objects) yield dataEvent(object);

    function partObjects(): readonly unknown[] {
      if (!events) return [];
      if (answer.type === "delta") return events.delta(answer.delta, context);
      if (answer.type === "end") return events.end(answer.output, answer.usage, context);
      const opening = begun ? [] : events.begin(context);
      begun = true;
      return opening;
    }
  }
  yield doneEvent;
}

function asksForStream(body: unknown): boolean {
  return typeof body === "object" && body !== null && Reflect.get(body, "stream") === true;
}

/** Clients send the name bare, behind `run/`, or behind the provider's name. */
function cardOf({ models }: RouteRequest<unknown>, name: string): ModelCard {
  const bare = name.replace(/^(run\/)?(workers-ai\/)?(?=@)/, "");
  const card = models.find(bare);
  if (!card) throw new Problem("unknown-model", `No such model ${shown(bare)} or task; GET ai/models/search lists the models`);
  return card;
}

export function formOf(card: { readonly task: TaskId; readonly wireForm: string; readonly name: string }): AnyWireForm {
  const task = taskOf(card.task);
  const form = task.wire[card.wireForm];
  if (!form) throw new Problem("task-unsupported", `${task.label} is not served yet; ${card.name} is listed with its price only`);
  return form;
}
