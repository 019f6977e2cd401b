import { AiInternalError, errorBodyOf } from "./errors.ts";
import type { Send } from "./send.ts";

export interface MarkdownDocument {
  readonly name: string;
  readonly blob: Blob;
}

/** `env.AI.toMarkdown()`. */
export interface ToMarkdownService {
  transform(files: MarkdownDocument | readonly MarkdownDocument[], options?: object): Promise<unknown>;
  supported(): Promise<unknown>;
}

export function createToMarkdown(send: Send): ToMarkdownService {
  return {
    async transform(files, options) {
      const documents = Array.isArray(files) ? (files as readonly MarkdownDocument[]) : [files as MarkdownDocument]; // told apart just now
      const sent = await Promise.all(
        documents.map(async ({ name, blob }) => ({ name, mimeType: blob.type, data: base64Of(new Uint8Array(await blob.arrayBuffer())) })),
      );
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ files: sent, options });
      const result = await resultOf(await send("/to-everything/markdown/transformer", { method: "POST", headers, body }));
      return Array.isArray(files) ? result : (result as readonly unknown[])[0]; // the route answers with as many as it got
    },
    supported: async () => resultOf(await send("/to-everything/markdown/supported")),
  };
}

async function resultOf(response: Response): Promise<unknown> {
  if (response.ok) return ((await response.json()) as { result: unknown }).result; // the routes' own reply
  const text = await response.text();
  throw new AiInternalError(errorBodyOf(text).errors?.[0]?.message ?? text);
}

function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
