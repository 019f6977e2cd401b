import { AiInternalError, errorBodyOf, InferenceUpstreamError } from "./errors.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { type AiOptions, sendRun } from "./run.ts";
import { createSend, type Server } from "./send.ts";
import { createToMarkdown, type MarkdownDocument, type ToMarkdown, type ToMarkdownService } from "./to-markdown.ts";

/** What `env.AI` is, where `@cloudflare/workers-types` is not there to say it in more words. */
export interface AiBinding {
  /** Of the last reply; null before the first. */
  lastRequestId: string | null;
  aiGatewayLogId: string | null;
  lastRequestHttpStatusCode: number | null;
  lastRequestInternalStatusCode: number | null;
  /** The result; a ReadableStream for events and files; the Response with `returnRawResponse`. */
  run(model: string, inputs: object, options?: AiOptions): Promise<unknown>;
  models(params?: object): Promise<unknown[]>;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  gateway(id: string): Gateway;
  readonly toMarkdown: ToMarkdown & (() => ToMarkdownService);
  getLogs(): string[];
  autorag(id?: string): never;
  aiSearch(): never;
  websearch(): never;
}

/**
 * `env.AI` without a Worker: the same methods, replies and errors over HTTP, in Node, Workers, Bun, Deno and browsers.
 *
 * `const ai: Ai = createAi({ baseUrl, token })` has the types of `@cloudflare/workers-types`, where a project has them.
 *
 * @throws from `run`: InferenceUpstreamError, named as the server says (`AiError`), with the code at the front of the message
 */
export function createAi<Binding = AiBinding>(server: Server): Binding {
  const send = createSend(server);
  const markdown = createToMarkdown(send);

  const ai: AiBinding = {
    lastRequestId: null,
    aiGatewayLogId: null,
    lastRequestHttpStatusCode: null,
    lastRequestInternalStatusCode: null,

    async run(model, inputs, options = {}) {
      const response = await sendRun(send, model, inputs, options);
      ai.lastRequestId = response.headers.get("cf-ai-req-id");
      ai.aiGatewayLogId = response.headers.get("cf-aig-log-id");
      ai.lastRequestHttpStatusCode = response.status;
      if (options.returnRawResponse) return response;
      if (!response.ok || !response.body) throw await errorOf(response);
      return response.headers.get("content-type") === "application/json" ? response.json() : response.body;
    },

    async models(params = {}) {
      const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
      const response = await send(`/ai-api/models/search?${query}`);
      const text = await response.text();
      if (!response.ok) throw new AiInternalError(errorBodyOf(text).errors?.[0]?.message ?? text);
      return (JSON.parse(text) as { result: unknown[] }).result; // the route's own reply
    },

    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const { method, headers, body, signal } = request;
      return send(pathname + search, { method, headers, body, signal, ...(body && { duplex: "half" as const }) });
    },

    gateway: (id) => createGateway(send, id),
    toMarkdown: ((files?: MarkdownDocument, options?: object) =>
      files ? markdown.transform(files, options) : markdown) as AiBinding["toMarkdown"], // one function for all overloads
    getLogs: () => [],
    autorag: () => notServed("autorag"),
    aiSearch: () => notServed("aiSearch"),
    websearch: () => notServed("websearch"),
  };
  return ai as Binding; // whose caller says that it is the `Ai` of a project's own types, with the same methods

  async function errorOf(response: Response): Promise<Error> {
    const text = await response.text();
    const { internalCode, description, name, errors } = errorBodyOf(text);
    if (internalCode) {
      ai.lastRequestInternalStatusCode = internalCode;
      return new InferenceUpstreamError(`${internalCode}: ${description}`, name);
    }
    const [first] = errors ?? [];
    return new InferenceUpstreamError(first ? `${first.code}: ${first.message}` : text);
  }
}

function notServed(method: string): never {
  throw new AiInternalError(`Ganglion does not serve ${method}`);
}
