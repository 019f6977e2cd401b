import { type Asked, type Chunk, type Heard, linesOf, post, type Reader, type Way, wrapped } from "./reader.ts";

/**
 * One API. Made from github.com/songquanpeng/one-api: relay/adaptor/openai/main.go, relay/adaptor/cloudflare/main.go,
 * relay/controller/error.go, monitor/manage.go and controller/channel-test.go, seen 2026-11.
 */

/** Go's line scanner gives up at a longer line, and the stream is over. */
const mostBytes = 65_535;
const prefix = "data: ";

/** Of a channel of type OpenAI: lines need the prefix with its space, a chunk without choices goes no further, and [DONE] is passed on. */
export const oneApi: Reader = {
  name: "One API, channel of type OpenAI",
  async stream({ url, token }, { model, text, tools }) {
    const body = { model, messages: [{ role: "user", content: text }], stream: true, ...wrapped(tools) };
    const response = await post(`${url}/v1/chat/completions`, token, body, { accept: "text/event-stream" });
    const refused = await refusalOf(response);
    if (refused !== undefined) return { text: "", toolCalls: [], made: undefined, wrong: refused };
    const passedOn: Chunk[] = [];
    for await (const line of linesOf(response, mostBytes)) {
      if (line.slice(0, prefix.length) !== prefix || line.startsWith("[DONE]", prefix.length)) continue;
      const chunk = JSON.parse(line.slice(prefix.length)) as Chunk; // what does not fit is passed on unread
      if ((chunk.choices ?? []).length === 0 && !chunk.usage) continue;
      passedOn.push(chunk);
    }
    return heardByUserOf(passedOn);
  },
  deafTo: {},
};

/** Of a channel of type Cloudflare: chunks are decoded into a struct without `index`, so that calls of tools come out broken, and usage is counted anew. */
export const oneApiCloudflare: Reader = {
  name: "One API, channel of type Cloudflare",
  async stream({ url, accountId, token }, { model, text }) {
    const body = { model, messages: [{ role: "user", content: text }], stream: true };
    const response = await post(`${url}/client/v4/accounts/${accountId}/ai/v1/chat/completions`, token, body);
    const refused = await refusalOf(response);
    if (refused !== undefined) return { text: "", toolCalls: [], made: undefined, wrong: refused };
    let heard = "";
    for await (const line of linesOf(response, mostBytes)) {
      if (line.length < prefix.length) continue;
      const data = line.startsWith(prefix) ? line.slice(prefix.length) : line;
      if (data === "[DONE]") break;
      for (const { delta } of (JSON.parse(data) as Chunk).choices ?? []) {
        if (typeof delta?.content === "string") heard += delta.content;
      }
    }
    return { text: heard, toolCalls: [], made: undefined, wrong: undefined };
  },
  deafTo: {
    toolCalls: "its struct of a streamed call has no index",
    made: "it counts tokens by itself",
    wrong: "its struct of a chunk has no error",
  },
};

/** One API passes chunks on; here its user reads them by OpenAI's rules. */
function heardByUserOf(chunks: readonly Chunk[]): Heard {
  const calls: { name: string; arguments: string }[] = [];
  for (const piece of chunks.flatMap(({ choices }) => choices?.[0]?.delta?.tool_calls ?? [])) {
    const call = (calls[piece.index ?? 0] ??= { name: "", arguments: "" });
    call.name += piece.function?.name ?? "";
    call.arguments += piece.function?.arguments ?? "";
  }
  return {
    text: chunks.flatMap(({ choices }) => textOf(choices?.[0]?.delta?.content)).join(""),
    toolCalls: calls,
    made: chunks.findLast(({ usage }) => usage)?.usage?.completion_tokens,
    wrong: chunks.find(({ error }) => error)?.error?.message,
  };
}

function textOf(content: unknown): string[] {
  return typeof content === "string" ? [content] : [];
}

interface ErrorBody {
  readonly error?: { readonly message?: string; readonly type?: string; readonly code?: unknown; readonly param?: string | null };
  readonly message?: string;
  readonly msg?: string;
  readonly err?: string;
  readonly error_msg?: string;
}

/** What its user sees of an error; undefined where it takes the reply for an answer. */
export async function refusalOf(response: Response): Promise<string | undefined> {
  const json = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  if ((response.status === 200 || response.status === 201) && !json) return undefined;
  const body = (await response.json()) as ErrorBody;
  return body.error?.message || body.message || body.msg || body.err || body.error_msg || `bad response status code ${response.status}`;
}

/** Whether an error makes it take the channel out of service. */
export async function disablesChannel(response: Response): Promise<boolean> {
  const { error } = (await response.json()) as ErrorBody;
  const types = ["insufficient_quota", "authentication_error", "permission_error", "forbidden"];
  const codes: unknown[] = ["invalid_api_key", "account_deactivated"];
  const words = [
    "your access was terminated",
    "violation of our policies",
    "your credit balance is too low",
    "organization has been disabled",
    "credit",
    "balance",
  ];
  const said = error?.message?.toLowerCase() ?? "";
  return (
    response.status === 401 || types.includes(error?.type ?? "") || codes.includes(error?.code) || words.some((word) => said.includes(word))
  );
}

/** The button that tests a channel: needs a text and a usage. */
export async function testChannel({ url, token }: Way, model: Asked["model"]): Promise<string> {
  const content = "Output only your specific model name with no additional text.";
  const response = await post(`${url}/v1/chat/completions`, token, { model, messages: [{ role: "user", content }] });
  if (response.status !== 200) throw new Error((await refusalOf(response)) ?? "no answer");
  const { usage, choices } = (await response.json()) as { usage?: object; choices?: { message?: { content?: unknown } }[] };
  const text = choices?.[0]?.message?.content;
  if (!usage || typeof text !== "string") throw new Error("invalid response");
  return text;
}

/** A whole answer through a channel of type Cloudflare: content that is no string ends the request in a panic. */
export async function askCloudflareChannel({ url, accountId, token }: Way, body: object): Promise<string[]> {
  const response = await post(`${url}/client/v4/accounts/${accountId}/ai/v1/chat/completions`, token, body);
  const { choices } = (await response.json()) as { choices: { message: { content: unknown } }[] };
  return choices.map(({ message }) => {
    if (typeof message.content !== "string") throw new Error("one_api_panic");
    return message.content;
  });
}
