import { type Chunk, linesOf, post, type Reader, type Way, wrapped } from "./reader.ts";

/**
 * new-api. Made from github.com/Calcium-Ion/new-api (now QuantumNous/new-api): relay/helper/stream_scanner.go,
 * relay/channel/openai, relay/channel/cloudflare/adaptor.go, controller/channel.go and controller/channel-test.go, seen 2026-11.
 */

/** Of a channel of type OpenAI: `data:` with or without a space, lines of up to 10 MB. It asks for the usage at the end of a stream. */
export const newApi: Reader = {
  name: "new-api",
  async stream({ url, token }, { model, text, tools }) {
    const asked = {
      model,
      messages: [{ role: "user", content: text }],
      stream: true,
      stream_options: { include_usage: true },
      ...wrapped(tools),
    };
    const response = await post(`${url}/v1/chat/completions`, token, asked, { accept: "text/event-stream" });
    if (response.status !== 200) return { text: "", toolCalls: [], made: undefined, wrong: await messageOf(response) };
    let heard = "";
    let made: number | undefined;
    let wrong: string | undefined;
    const calls: { name: string; arguments: string }[] = [];
    for await (const line of linesOf(response, 10_000_000)) {
      if (line.length < 6 || !line.startsWith("data:")) continue;
      const data = line.slice("data:".length).replace(/^ +/, "").replace(/"$/, "");
      if (data.startsWith("[DONE]")) continue;
      const { choices = [], usage, error } = JSON.parse(data) as Chunk;
      for (const { delta } of choices) {
        if (typeof delta?.content === "string") heard += delta.content;
        for (const piece of delta?.tool_calls ?? []) {
          const call = (calls[piece.index ?? 0] ??= { name: "", arguments: "" });
          call.name += piece.function?.name ?? "";
          call.arguments += piece.function?.arguments ?? "";
        }
      }
      made = usage?.completion_tokens ?? made;
      wrong ??= error?.message;
    }
    return { text: heard, toolCalls: calls, made, wrong };
  },
  deafTo: {},
};

/** As One API's, and the body itself where it is no JSON. */
async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message ?? "bad response";
  } catch {
    return text;
  }
}

/** The button that tests a channel chooses a route by the model's name. A body with an `error` fails, whatever its status. */
export async function testChannel({ url, token }: Way, model: string): Promise<object> {
  const embeds = /embedding|embed|bge-|^m3e/.test(model);
  const [path, body] = embeds
    ? ["/v1/embeddings", { model, input: ["hello world"] }]
    : model.includes("rerank")
      ? [
          "/v1/rerank",
          { model, query: "What is Deep Learning?", documents: ["Deep Learning is a part of machine learning.", "Tea."], top_n: 2 },
        ]
      : ["/v1/chat/completions", { model, messages: [{ role: "user", content: "hi" }], max_tokens: 16, stream: false }];
  const response = await post(url + path, token, body);
  const reply = (await response.json()) as { error?: { message?: string } | null };
  if (response.status !== 200 || reply.error) throw new Error(reply.error?.message ?? "bad response");
  return reply;
}

/** The button that fetches the models of a channel. */
export async function fetchModels({ url, token }: Way): Promise<string[]> {
  const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

/** A transcription through a channel of type Cloudflare: the bytes of the file, and no word of what they are. */
export async function transcribe({ url, accountId, token }: Way, model: string, file: Uint8Array<ArrayBuffer>): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const body = new Blob([file]); // without a type there is no content-type
  const response = await fetch(`${url}/client/v4/accounts/${accountId}/ai/run/${model}`, { method: "POST", headers, body });
  return ((await response.json()) as { result: { text: string } }).result.text;
}
