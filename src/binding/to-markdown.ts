import { AiInternalError, errorBodyOf } from "./errors.ts";
import type { Send } from "./send.ts";

export interface MarkdownDocument {
  readonly name: string;
  readonly blob: Blob;
}

/** What became of a file; what is wrong with one is no error of the others. */
export type Conversion = { readonly id: string; readonly name: string; readonly mimeType: string } & (
  | { readonly format: "markdown" | "text"; /** Estimated. */ readonly tokens: number; readonly data: string }
  | { readonly format: "error"; readonly error: string }
);

/** For one file, and for several. `options.conversionOptions` are Cloudflare's. */
export interface ToMarkdown {
  (files: readonly MarkdownDocument[], options?: object): Promise<Conversion[]>;
  (files: MarkdownDocument, options?: object): Promise<Conversion>;
}

/** `env.AI.toMarkdown()`. */
export interface ToMarkdownService {
  readonly transform: ToMarkdown;
  supported(): Promise<{ readonly extension: string; readonly mimeType: string }[]>;
}

export function createToMarkdown(send: Send): ToMarkdownService {
  async function transform(files: MarkdownDocument | readonly MarkdownDocument[], options?: object): Promise<unknown> {
    const documents = Array.isArray(files) ? (files as readonly MarkdownDocument[]) : [files as MarkdownDocument]; // told apart just now
    const sent = await Promise.all(
      documents.map(async ({ name, blob }) => ({ name, mimeType: blob.type, data: base64Of(new Uint8Array(await blob.arrayBuffer())) })),
    );
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ files: sent, options });
    const result = await resultOf(await send("/to-everything/markdown/transformer", { method: "POST", headers, body }));
    return Array.isArray(files) ? result : (result as readonly unknown[])[0]; // the route answers with as many as it got
  }

  return {
    transform: transform as ToMarkdown, // one function for both overloads
    supported: async () =>
      (await resultOf(await send("/to-everything/markdown/supported"))) as Awaited<ReturnType<ToMarkdownService["supported"]>>, // the route's own reply
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
