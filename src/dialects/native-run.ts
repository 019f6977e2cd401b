import { type AnyWireForm, type ModelCard, Problem, taskOf, type TaskId, type WireContext } from "../core/index.ts";
import { type Ask, lastOf, notServed, shown } from "../gateway/index.ts";
import { receiptHeaders, servedHeaders } from "./receipt.ts";
import type { Reply, RouteRequest } from "./route.ts";
import { asciiEvent, doneEvent } from "./sse.ts";

/** What a call says, by the wire form of its model: `body` as it came, `input` in core words. */
export type ReadInput = (form: AnyWireForm) => Promise<{ readonly body: unknown; readonly input: unknown }>;

/** Runs a model as Workers AI does: the reply is the bare result, its events, or the file that it made. */
export async function runNative(request: RouteRequest<unknown>, name: string, read: ReadInput): Promise<Reply> {
  const card = cardOf(request, name);
  const form = formOf(card);
  const { body, input } = await read(form);
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
    return { events: eventsOf(request, ask, form, context), idle: asciiEvent(form.events.idle) };
  }
  const end = await lastOf(request.gateway.run(ask));
  if (!end) return { json: null }; // the client has gone
  const headers = receiptHeaders(end);
  const file = form.writeMedia?.(end.output);
  return file ? { ...file, headers } : { json: form.write(end.output, end.usage, context), headers };
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
    for (const object of objects) yield asciiEvent(object);

    function partObjects(): readonly unknown[] {
      if (!events) return [];
      if (answer.type === "delta") return events.delta(answer.delta, context);
      if (answer.type === "end") return events.end(answer.output, answer.usage, context);
      Object.assign(request.replyHeaders, servedHeaders(answer));
      const opening = begun ? [] : events.begin(context);
      begun = true;
      return opening;
    }
  }
  yield doneEvent;
}

/** A body that is JSON, whatever it says it is. */
export async function readJson(form: AnyWireForm, sent: unknown): ReturnType<ReadInput> {
  const body = withByteArrays(sent);
  return { body, input: form.read(body) };
}

/** More than any input has. */
const manyFields = 1_000;

/** `JSON.stringify` writes a Uint8Array as `{"0": …, "1": …}`; the schemas want the array that was meant. Long ones are read apart. */
function withByteArrays(body: unknown, depth = 0): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body) || body instanceof Uint8Array || depth > 2) return body;
  const names = Object.keys(body);
  const last = names.length - 1;
  // Indexes come before other names, and in order: where the last name is the largest that so many can have, the others are all below it.
  if (last >= 0 && names[last] === String(last)) return Object.values(body);
  if (last >= manyFields) return body;
  // Files are at the top, or one below as `{ body, contentType }`.
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, withByteArrays(value, depth + 1)]));
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
  if (!form) throw notServed(card);
  return form;
}

/** @throws Problem where a batch is asked for, which would otherwise be answered as one call */
export function refuseBatch(queueRequest: unknown): void {
  if (queueRequest !== true && queueRequest !== "true") return;
  throw new Problem("bad-input", "asynchronous batches are not served yet; send the request without queueRequest", {
    details: { field: "/queueRequest" },
  });
}
