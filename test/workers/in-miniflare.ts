import { fileURLToPath } from "node:url";
import { Miniflare, type MiniflareOptions } from "miniflare";
import type { TestServer } from "../server.ts";

/** A Worker in workerd. @param options as Miniflare takes them; its type of them wants a URL of its own kind, and takes any. */
export function openWorker(script: string, options: object): Miniflare {
  const all: MiniflareOptions = { modules: true, script, compatibilityDate: "2026-04-01", ...options };
  return new Miniflare(all);
}

/** What a Worker answers to one request. */
export async function answerOf(script: string, options: object): Promise<unknown> {
  const miniflare = openWorker(script, options);
  try {
    const reply = await miniflare.dispatchFetch("http://worker.test/");
    return await reply.json();
  } finally {
    await miniflare.dispose();
  }
}

export function remoteBinding({ url, token }: Pick<TestServer, "url" | "token">): object {
  return { ai: { binding: "AI", remoteProxyConnectionString: new URL(`${url}/mf?token=${token}`) } };
}

/** AI and VECTORIZE; they ask the server that GANGLION_URL names, or one that is started. */
export function pluginBindings(): object {
  const plugin = { package: fileURLToPath(new URL("../../dist/miniflare.js", import.meta.url)), name: "ganglion" };
  return {
    unsafeBindings: [
      { name: "AI", type: "ai", plugin, options: {} },
      { name: "VECTORIZE", type: "vectorize", plugin, options: { index: "checks" } },
    ],
  };
}
