import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { Miniflare, type MiniflareOptions } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AiBinding, createAi } from "../../src/binding/index.ts";
// @ts-expect-error -- built, as users import it
import { startGanglion } from "../../dist/dev.js";
import { startTestServer, type TestServer } from "../server.ts";
import { expected } from "./expected.ts";
import { runChecks } from "./project/src/checks.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ environment: { GANGLION_STAND_INS: "1" } });
});
afterAll(async () => {
  await server.stop();
});

const script = bundled("test/workers/project/src/index.ts");

function bundled(file: string): string {
  const { outputFiles } = buildSync({ entryPoints: [file], bundle: true, write: false, format: "esm", target: "es2022" });
  return outputFiles[0]?.text ?? "";
}

/** Options of a worker; Miniflare's type of them wants a URL of its own kind, and takes any. */
function optionsOf(options: object, source = script): MiniflareOptions {
  return { modules: true, script: source, compatibilityDate: "2026-04-01", ...options };
}

async function found(options: object, source = script): Promise<unknown> {
  const miniflare = new Miniflare(optionsOf(options, source));
  try {
    const reply = await miniflare.dispatchFetch("http://worker.test/");
    return await reply.json();
  } finally {
    await miniflare.dispose();
  }
}

describe("workerd's own Ai in Miniflare 4", () => {
  it("passes every check as a remote binding", async () => {
    const remoteProxyConnectionString = new URL(`${server.url}/mf?token=${server.token}`);
    expect(await found({ ai: { binding: "AI", remoteProxyConnectionString } })).toEqual({ class: "Ai", found: expected });
  });

  it("passes every check through the plugin, which starts a server of its own", async () => {
    const plugin = { package: fileURLToPath(new URL("../../dist/miniflare.js", import.meta.url)), name: "ganglion" };
    expect(await found({ unsafeBindings: [{ name: "AI", type: "ai", plugin, options: {} }] })).toEqual({ class: "Ai", found: expected });
  });

  it("can be called from Node", async () => {
    const { url, remoteProxy, close } = await startGanglion();
    const miniflare = new Miniflare(optionsOf({ ai: { binding: "AI", remoteProxyConnectionString: remoteProxy } }));
    try {
      const { AI } = await miniflare.getBindings<{ AI: AiBinding }>();
      expect(await AI.run("@ganglion/echo", { prompt: "one two" })).toMatchObject({ response: "one two" });
    } finally {
      await miniflare.dispose();
      await close();
    }
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

describe("createAi", () => {
  it("passes the same checks in Node", async () => {
    expect(await runChecks(createAi({ baseUrl: server.url, token: server.token }))).toEqual(expected);
  });

  it("passes the same checks in a Worker", async () => {
    const source = bundled("test/workers/create-ai-worker.ts");
    const bindings = { BASE_URL: server.url, TOKEN: server.token };
    expect(await found({ bindings }, source)).toEqual({ found: expected });
  });
});
