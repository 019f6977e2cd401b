import { AiGatewayInternalError, AiGatewayLogNotFound, errorBodyOf } from "./errors.ts";
import type { Send } from "./send.ts";

/** A request to a provider through a gateway. */
export interface UniversalRequest {
  readonly provider: string;
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly query: unknown;
}

export interface UniversalOptions {
  readonly gateway?: Readonly<Record<string, unknown>>;
  readonly extraHeaders?: object;
  readonly signal?: AbortSignal;
}

/** `env.AI.gateway(id)`. Ganglion has addresses for a gateway, and neither logs nor the universal endpoint. */
export interface Gateway {
  getUrl(provider?: string): Promise<string>;
  getLog(id: string): Promise<unknown>;
  patchLog(id: string, data: object): Promise<void>;
  run(data: UniversalRequest | readonly UniversalRequest[], options?: UniversalOptions): Promise<Response>;
}

export function createGateway(send: Send, id: string): Gateway {
  const gateway = `/ai-gateway/gateways/${id}`;
  return {
    async getUrl(provider = "universal") {
      const { url } = await resultOf<{ url: string }>(await send(`${gateway}/url/${provider}`));
      return url;
    },
    async getLog(log) {
      const found = await resultOf<{ created_at: string }>(await send(`${gateway}/logs/${log}`));
      return { ...found, created_at: new Date(found.created_at) };
    },
    async patchLog(log, data) {
      const headers = { "content-type": "application/json" };
      await resultOf(await send(`${gateway}/logs/${log}`, { method: "PATCH", headers, body: JSON.stringify(data) }));
    },
    run(data, { extraHeaders, signal } = {}) {
      const headers = { ...extraHeaders, "content-type": "application/json" };
      const body = JSON.stringify(Array.isArray(data) ? data : [data]);
      return send(`/ai-gateway/universal/run/${id}`, { method: "POST", headers, body, ...(signal && { signal }) });
    },
  };
}

async function resultOf<Result>(response: Response): Promise<Result> {
  if (response.ok) return ((await response.json()) as { result: Result }).result; // the routes' own reply
  const text = await response.text();
  const message = errorBodyOf(text).errors?.[0]?.message ?? text;
  throw response.status === 404 ? new AiGatewayLogNotFound(message) : new AiGatewayInternalError(message);
}
