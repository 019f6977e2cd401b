import { type Chunk, linesOf, post, type Reader, type Way, wrapped } from "./reader.ts";

/**
 * NextChat, whose base URL has no /v1. Made from github.com/ChatGPTNextWeb/NextChat: app/utils/chat.ts and
 * app/client/platforms/openai.ts, and from the package @fortaine/fetch-event-source that reads its streams, seen 2026-11.
 */
export const nextChat: Reader = {
  name: "NextChat",
  /** A piece with an `id` begins a new call, and only the first piece of a chunk is looked at. */
  async stream({ url, token }, { model, text, tools }) {
    const response = await post(`${url}/v1/chat/completions`, token, { ...payloadOf(model, text), stream: true, ...wrapped(tools) });
    const type = response.headers.get("content-type") ?? "";
    let heard = "";
    const calls: { name: string; arguments: string }[] = [];
    if (response.status !== 200 || !type.startsWith("text/event-stream")) {
      return {
        text: type.startsWith("text/plain") ? await response.text() : "",
        toolCalls: calls,
        made: undefined,
        wrong: await response.text(),
      };
    }
    for await (const data of messagesOf(response)) {
      if (data === "[DONE]") break;
      if (data.trim() === "") continue;
      const delta = (JSON.parse(data) as Chunk).choices?.[0]?.delta;
      const [piece] = delta?.tool_calls ?? [];
      if (piece?.id) calls.push({ name: piece.function?.name ?? "", arguments: piece.function?.arguments ?? "" });
      else if (piece) Object.assign(calls.at(-1) ?? {}, { arguments: (calls.at(-1)?.arguments ?? "") + (piece.function?.arguments ?? "") });
      if (typeof delta?.content === "string") heard += delta.content;
    }
    return {
      text: heard,
      toolCalls: calls,
      made: undefined,
      wrong: heard === "" && calls.length === 0 ? "empty response from server" : undefined,
    };
  },
  deafTo: { made: "it counts nothing", wrong: "it passes over a chunk without choices" },
};

function payloadOf(model: string, text: string): object {
  const settings = { temperature: 0.5, presence_penalty: 0, frequency_penalty: 0, top_p: 1 };
  return { messages: [{ role: "user", content: text }], model, ...settings };
}

/** The `data` of each event: lines up to a blank one; comments and other fields are passed over. */
async function* messagesOf(response: Response): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of linesOf(response, Infinity)) {
    if (line === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
    } else if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
  }
}

/** An answer that is not streamed: an `error`, a picture, or a text. */
export async function ask({ url, token }: Way, model: string, text: string): Promise<string> {
  const response = await post(`${url}/v1/chat/completions`, token, { ...payloadOf(model, text), stream: false });
  const reply = (await response.json()) as { error?: object; choices?: { message?: { content?: string } }[] };
  return reply.error
    ? `\`\`\`\n${JSON.stringify(reply, null, 4)}\n\`\`\``
    : (reply.choices?.at(0)?.message?.content ?? JSON.stringify(reply));
}

/** What is used and what there is, in dollars, as its settings page shows it. */
export async function balance({ url, token }: Way, month: string): Promise<{ used: number | undefined; total: number | undefined }> {
  const headers = { authorization: `Bearer ${token}` };
  const days = `start_date=${month}-01&end_date=${month}-28`;
  const [used, there] = await Promise.all([
    fetch(`${url}/dashboard/billing/usage?${days}`, { headers }),
    fetch(`${url}/dashboard/billing/subscription`, { headers }),
  ]);
  if (!used.ok || !there.ok) throw new Error("Failed to query usage from openai");
  const { total_usage: cents } = (await used.json()) as { total_usage?: number };
  const { hard_limit_usd: total } = (await there.json()) as { hard_limit_usd?: number };
  return { used: cents, total };
}
