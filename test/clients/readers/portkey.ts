import { post, type Reader, type Way } from "./reader.ts";

/**
 * Portkey's gateway in front of Workers AI. Made from github.com/Portkey-AI/gateway: src/providers/workers-ai/chatComplete.ts,
 * complete.ts, embed.ts and utils.ts, src/handlers/streamHandler.ts, seen 2026-11.
 */
export const portkey: Reader = {
  name: "Portkey",
  /** Sends messages and stream, nothing else; every part between blank lines is JSON behind `data: `, or the end. */
  async stream(way, { model, text }) {
    const response = await run(way, model, { messages: [{ role: "user", content: text }], stream: true });
    const heard = { text: "", toolCalls: [], made: undefined };
    if (response.status !== 200) return { ...heard, wrong: await messageOf(response) };
    const decoder = new TextDecoder();
    let buffer = "";
    for await (const read of response.body ?? []) {
      const parts = (buffer + decoder.decode(read, { stream: true })).split("\n\n");
      buffer = parts.pop() ?? "";
      for (const part of parts) heard.text += textOf(part);
    }
    if (buffer !== "") heard.text += textOf(buffer);
    return { ...heard, wrong: undefined };
  },
  deafTo: { toolCalls: "it sends no tools", made: "it reads no more than response", wrong: "it reads no more than response" },
};

function run({ url, accountId, token }: Way, model: string, body: object): Promise<Response> {
  return post(`${url}/client/v4/accounts/${accountId}/ai/run/${model}`, token, body);
}

function textOf(part: string): string {
  const chunk = part.trim();
  if (chunk === "" || chunk.startsWith("data: [DONE]")) return "";
  return (JSON.parse(chunk.replace(/^data: /, "")) as { response: string }).response;
}

async function messageOf(response: Response): Promise<string> {
  const { errors } = (await response.json()) as { errors: { code: number; message: string }[] };
  return errors.map(({ code, message }) => `Error ${code}:${message}`).join(",");
}

/** A prompt is sent in the words of an older model's template. */
export async function complete(way: Way, model: string, prompt: string): Promise<string> {
  const response = await run(way, model, { prompt: `\n\nHuman: ${prompt}\n\nAssistant:` });
  return ((await response.json()) as { result: { response: string } }).result.response;
}

export async function embed(way: Way, model: string, texts: readonly string[]): Promise<number[][]> {
  const response = await run(way, model, { text: texts });
  return ((await response.json()) as { result: { data: number[][] } }).result.data;
}
