import { post, type Reader, type Way } from "./reader.ts";

/**
 * LobeChat's provider for Cloudflare. Made from github.com/lobehub/lobe-chat:
 * packages/model-runtime/src/providers/cloudflare/index.ts and core/streams/cloudflare.ts, seen 2026-11.
 */
export const lobeChat: Reader = {
  name: "LobeChat",
  /** Functions are sent bare. Each network read is decoded by itself, split at blank lines, and each part is JSON behind `data: `. */
  async stream({ url, accountId, token }, { model, text, tools }) {
    const address = new URL(model, `${url}/client/v4/accounts/${accountId}/ai/run/`).href;
    const settings = { temperature: 0.6, top_p: 1, presence_penalty: 0, frequency_penalty: 0, stream: true };
    const response = await post(address, token, { tools, messages: [{ role: "user", content: text }], ...settings });
    const heard = { text: "", toolCalls: [], made: undefined };
    if (response.status === 400) return { ...heard, wrong: await response.text() };
    let buffer = "";
    for await (const read of response.body ?? []) {
      const parts = (buffer + new TextDecoder().decode(read)).split("\n\n");
      buffer = parts.pop() ?? "";
      for (const part of parts) {
        if (part.includes("[DONE]")) return { ...heard, wrong: undefined };
        heard.text += (JSON.parse(part.replace(/^data: /, "")) as { response?: string }).response ?? "";
      }
    }
    return { ...heard, wrong: undefined };
  },
  deafTo: { toolCalls: "it reads no more than response", made: "it reads no more than response", wrong: "it reads no more than response" },
};

export interface LobeModel {
  readonly id: string;
  readonly functionCall: boolean;
  readonly vision: boolean;
}

/** Its list of models. It asks for it at Cloudflare's own host only; this is how it would read ours. */
export async function listModels({ url, accountId, token }: Way): Promise<LobeModel[]> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(`${url}/client/v4/accounts/${accountId}/ai/models/search`, { headers });
  const { result } = (await response.json()) as { result: { name: string; description: string; task?: { name: string } }[] };
  return result.map(({ name, description, task }) => ({
    id: name,
    functionCall: description.toLowerCase().includes("function call"),
    vision: name.toLowerCase().includes("vision") || (task?.name.toLowerCase().includes("image-to-text") ?? false),
  }));
}
