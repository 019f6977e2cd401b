import * as z from "zod";
import { type AnyWireForm, jsonObject, parseSent, Problem } from "../../core/index.ts";
import type { Body } from "../body.ts";
import { type ReadInput, readJson, refuseBatch, runNative } from "../native-run.ts";
import { route, type Route, type RouteRequest } from "../route.ts";

const jsonCall = z.object({
  inputs: jsonObject,
  options: z.object({ queueRequest: z.unknown() }).partial().nullish(),
});

function runAt(path: string, summary: string): Route {
  return route({
    method: "post",
    path,
    summary,
    permission: "run",
    reply: z.unknown(),
    also: ["text/event-stream", "image/png", "audio/mpeg"],
    handle: async (request) => runNative(request, modelOf(request), await readerOf(request)),
  });
}

/**
 * `env.AI.run(model, inputs, options)`: the model is in a header, the reply is the bare result.
 * Source: cloudflare/workerd, src/cloudflare/internal/ai-api.ts, seen 2026-11.
 */
export const runBinding = runAt("/run", "What env.AI.run sends; the header cf-consn-model-id names the model");

/** The same with `options.gateway`. There is no gateway in between here: its options change nothing. */
export const runBindingThroughGateway = runAt("/ai-gateway/run", "What env.AI.run sends when a gateway is named");

/** The name may be behind a prefix: `beta:@cf/…`. */
function modelOf({ header, models }: RouteRequest<unknown>): string {
  const sent = header("cf-consn-model-id");
  if (!sent) throw new Problem("bad-input", "Model ID missing: the header cf-consn-model-id names the model");
  const colon = sent.indexOf(":");
  return colon < 0 || models.find(sent) ? sent : sent.slice(colon + 1);
}

/**
 * Inputs are in the body with the options; or, where one of them is a stream, that is the body, the others are in the query, and which
 * one it was is not said.
 */
async function readerOf({ raw, query }: RouteRequest<unknown>): Promise<ReadInput> {
  const others = query.get("userInputs");
  if (others === null) {
    const { inputs, options } = parseSent(jsonCall, await raw.json());
    refuseBatch(options?.queueRequest);
    return (form) => readJson(form, inputs);
  }
  refuseBatch(query.get("queueRequest"));
  return async (form) => ({ body: undefined, input: readFile(form, raw, queryOf(others)) });
}

function readFile(form: AnyWireForm, { bytes, mediaType = "application/octet-stream" }: Body, others: URLSearchParams): unknown {
  if (!form.readMedia) throw new Problem("bad-input", "this model takes no stream; send its inputs as values");
  if (bytes.length === 0) throw new Problem("bad-input", "the stream was empty");
  return form.readMedia({ bytes, mediaType }, others);
}

function queryOf(json: string): URLSearchParams {
  const inputs = jsonObject.safeParse(parsed(json));
  if (!inputs.success) throw new Problem("bad-input", "userInputs is no JSON object", { details: { field: "/userInputs" } });
  return new URLSearchParams(
    Object.entries(inputs.data).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
