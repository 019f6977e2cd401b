import type { Miniflare } from "miniflare";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createEchoEngine } from "../../src/engines/echo/index.ts";
import { type HttpServer, startHttpServer } from "../../src/node/http-server.ts";
import { openTestApp, type TestApp } from "../app.ts";
import { openWorker, pluginBindings, remoteBinding } from "./in-miniflare.ts";

/** A stream of ten thousand words, ten milliseconds apart: it ends within the test only when it is left. */
const script = `
const prompt = "word ".repeat(10_000);
export default {
  async fetch(request, { AI }) {
    const { pathname } = new URL(request.url);
    const leaving = new AbortController();
    const call = AI.run("@ganglion/echo", { prompt, stream: pathname !== "/whole", max_tokens: 10_000 }, { signal: leaving.signal });
    if (pathname === "/stream") return new Response(await call, { headers: { "content-type": "text/event-stream" } });
    setTimeout(() => leaving.abort(), 300);
    try {
      const answer = await call;
      if (pathname === "/aborted") for await (const _chunk of answer);
      return new Response("it came to its end");
    } catch (thrown) {
      return new Response(thrown.name + (thrown.name === "AbortError" ? "" : ": " + thrown.message));
    }
  },
};`;

let app: TestApp;
let server: HttpServer;
let running = 0;

beforeAll(async () => {
  const echo = createEchoEngine({ pause: () => new Promise((resolve) => setTimeout(resolve, 10)) });
  app = await openTestApp({
    engine: {
      ...echo,
      async *run(call) {
        running++;
        try {
          yield* echo.run(call);
        } finally {
          running--;
        }
      },
    },
  });
  server = await startHttpServer({ app, host: "127.0.0.1", port: 0 });
  process.env["GANGLION_URL"] = `http://127.0.0.1:${server.port}`; // for the plugin, which takes no options
  process.env["GANGLION_TOKEN"] = app.secret;
});

afterAll(async () => {
  await server.close(0);
  await app.close();
});

const ways: Record<string, () => object> = {
  "a remote binding": () => remoteBinding({ url: `http://127.0.0.1:${server.port}`, token: app.secret }),
  "the plugin": pluginBindings,
};

describe.each(Object.keys(ways))("a reader who leaves, through workerd and %s", (way) => {
  let miniflare: Miniflare;
  beforeAll(() => {
    miniflare = openWorker(script, ways[way]?.() ?? {});
  });
  afterAll(() => miniflare.dispose());
  afterEach(async () => {
    await vi.waitFor(() => expect(running).toBe(0), { timeout: 10_000 });
    await vi.waitFor(async () => {
      expect(await app.ledger.budget(app.accountId, new Date().toISOString().slice(0, 10))).toMatchObject({ reserved: 0 });
    });
  });

  it("frees the engine when a signal aborts a stream", async () => {
    expect(await (await miniflare.dispatchFetch("http://worker.test/aborted")).text()).toBe("AbortError");
  });

  it("frees the engine when a signal aborts a call that does not stream", async () => {
    expect(await (await miniflare.dispatchFetch("http://worker.test/whole")).text()).toBe("AbortError");
  });

  it("frees the engine when the client of the Worker closes its connection", async () => {
    const leaving = new AbortController();
    const url = new URL("/stream", await miniflare.ready);
    const response = await fetch(url, { signal: leaving.signal });
    await response.body?.getReader().read();
    expect(running).toBe(1);
    leaving.abort();
  });
});
