import { AiInternalError } from "./errors.ts";
import type { Send } from "./send.ts";

/** What may be said beside the inputs of a call; what is not named here is sent on as it is. */
export interface AiOptions {
  readonly gateway?: { readonly id: string; readonly [option: string]: unknown } | undefined;
  /** The whole Response, whatever its status. */
  readonly returnRawResponse?: boolean | undefined;
  readonly websocket?: boolean | undefined;
  readonly prefix?: string | undefined;
  readonly extraHeaders?: object | undefined;
  readonly sessionOptions?: { readonly extraHeaders?: object } | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly [option: string]: unknown;
}

/** Sends a call as workerd's binding does. Source: cloudflare/workerd, src/cloudflare/internal/ai-api.ts, seen 2026-11. */
export async function sendRun(send: Send, model: string, inputs: object, options: AiOptions): Promise<Response> {
  const { prefix, extraHeaders, sessionOptions, signal, ...said } = options;
  if (said.websocket) throw new AiInternalError("Ganglion serves no websockets");
  const headersWith = (contentType: string) => ({
    ...sessionOptions?.extraHeaders,
    ...extraHeaders,
    "content-type": contentType,
    "cf-consn-sdk-version": "2.0.0",
    "cf-consn-model-id": prefix ? `${prefix}:${model}` : model,
  });
  const init = { method: "POST", ...(signal && { signal }) };

  const [stream, second] = Object.entries(inputs).filter(([, value]) => streamIn(value));
  if (!stream) {
    const path = said.gateway?.id ? "/ai-gateway/run?version=3" : "/run?version=3";
    return send(path, { ...init, headers: headersWith("application/json"), body: JSON.stringify({ inputs, options: said }) });
  }
  const [key, value] = stream;
  if (second) throw new AiInternalError(`Multiple ReadableStreams are not supported. Found streams in keys: [${key}, ${second[0]}]`);
  if (said.gateway?.id) throw new AiInternalError("AI Gateway does not support ReadableStreams yet.");
  const { body, contentType } = value as { body?: ReadableStream | FormData; contentType?: string }; // a stream has neither
  if (!contentType || !body) throw new AiInternalError("Content-Type is required with ReadableStream inputs");
  const others = Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== key));
  const query = new URLSearchParams(Object.entries(said).map(([name, option]) => [name, String(option)]));
  query.set("version", "3");
  query.set("userInputs", JSON.stringify(others));
  return send(`/run?${query}`, { ...init, headers: headersWith(contentType), body, duplex: "half" });
}

function streamIn(value: unknown): boolean {
  const isStream = (thing: unknown) => thing instanceof ReadableStream || thing instanceof FormData;
  return isStream(value) || (typeof value === "object" && value !== null && "body" in value && isStream(value.body));
}
