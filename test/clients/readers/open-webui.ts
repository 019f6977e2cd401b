import { type Chunk, linesOf, post, type Reader, type Way, wrapped } from "./reader.ts";

/**
 * Open WebUI. Made from github.com/open-webui/open-webui, backend/open_webui: utils/middleware.py, utils/misc.py, routers/openai.py,
 * routers/audio.py, routers/images.py, retrieval/utils.py and retrieval/models/external.py, seen 2026-11.
 */

/** aiohttp's reader refuses a longer line, and with it the rest of the stream, unless the operator has set another limit. */
const mostBytes = 131_072;

export const openWebUi: Reader = {
  name: "Open WebUI",
  /** Pieces of a call are put together by their index. A chunk without choices is where it looks for an error. */
  async stream({ url, token }, { model, text, tools }) {
    const asked = {
      model,
      messages: [{ role: "user", content: text }],
      stream: true,
      stream_options: { include_usage: true },
      ...wrapped(tools),
    };
    const response = await post(`${url}/v1/chat/completions`, token, asked);
    const calls = new Map<number, { name: string; arguments: string }>();
    let heard = "";
    let made: number | undefined;
    let wrong: string | undefined;
    if (!response.headers.get("content-type")?.includes("text/event-stream")) {
      const { error } = (await response.json()) as { error?: { message?: string } };
      return { text: "", toolCalls: [], made, wrong: error?.message };
    }
    for await (const line of linesOf(response, mostBytes)) {
      if (!line.startsWith("data:")) continue;
      const data = line.slice("data:".length).trim();
      if (data === "[DONE]") continue;
      const { choices = [], usage, error } = JSON.parse(data) as Chunk;
      made = usage?.completion_tokens ?? made;
      if (choices.length === 0) wrong ??= error?.message;
      const delta = choices[0]?.delta;
      if (typeof delta?.content === "string") heard += delta.content;
      for (const piece of delta?.tool_calls ?? []) {
        if (piece.index === undefined) continue;
        const call = calls.get(piece.index) ?? { name: "", arguments: "" };
        calls.set(piece.index, {
          name: call.name + (piece.function?.name ?? ""),
          arguments: call.arguments + (piece.function?.arguments ?? ""),
        });
      }
    }
    return { text: heard, toolCalls: [...calls.values()], made, wrong };
  },
  deafTo: {},
};

/** Takes `data` or a bare list, and `id` or `name` of each. */
export async function listModels({ url, token }: Way): Promise<string[]> {
  const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
  const body = (await response.json()) as { data?: { id?: string; name?: string }[] } | { id?: string; name?: string }[];
  return (Array.isArray(body) ? body : (body.data ?? [])).flatMap(({ id, name }) => id ?? name ?? []);
}

/** Says nothing of a form for the vectors, and takes numbers only. */
export async function embed({ url, token }: Way, model: string, texts: readonly string[]): Promise<number[][]> {
  const response = await post(`${url}/v1/embeddings`, token, { input: texts, model });
  const { data } = (await response.json()) as { data: { embedding: number[] }[] };
  return data.map(({ embedding }) => embedding);
}

/** Needs a score for every document; the order is its own. */
export async function rerank({ url, token }: Way, model: string, query: string, documents: readonly string[]): Promise<number[]> {
  const response = await post(`${url}/v1/rerank`, token, { model, query, documents, top_n: documents.length });
  const { results } = (await response.json()) as { results: { index: number; relevance_score: number }[] };
  return results.toSorted((a, b) => a.index - b.index).map(({ relevance_score }) => relevance_score);
}

/** Voices and models of speech are asked for without a token; where that fails it offers OpenAI's own. */
export async function voices({ url }: Way): Promise<string[]> {
  const response = await fetch(`${url}/v1/audio/voices`);
  if (!response.ok) return ["alloy", "echo", "fable", "onyx", "nova", "shimmer"];
  return ((await response.json()) as { voices: { id: string; name: string }[] }).voices.map(({ id }) => id);
}

/** A link is fetched with the same token, and must be an image. */
export async function picture({ url, token }: Way, model: string, prompt: string): Promise<Uint8Array> {
  const response = await post(`${url}/v1/images/generations`, token, { model, prompt, n: 1, size: "512x512", response_format: "b64_json" });
  const { data } = (await response.json()) as { data: { url?: string; b64_json?: string }[] };
  const [{ url: link, b64_json: base64 } = {}] = data;
  if (base64 !== undefined) return Buffer.from(base64, "base64");
  const image = await fetch(link ?? "", { headers: { authorization: `Bearer ${token}` } });
  if (!image.headers.get("content-type")?.startsWith("image/")) throw new Error("Url does not point to an image");
  return image.bytes();
}

/** `file` and `model` in a form; reads `text`. */
export async function transcribe({ url, token }: Way, model: string, file: Uint8Array<ArrayBuffer>): Promise<string> {
  const body = new FormData();
  body.append("file", new Blob([file], { type: "audio/wav" }), "speech.wav");
  body.append("model", model);
  const response = await fetch(`${url}/v1/audio/transcriptions`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
  return ((await response.json()) as { text: string }).text;
}
