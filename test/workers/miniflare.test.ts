import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AiBinding, createAi } from "../../src/binding/index.ts";
// @ts-expect-error -- built, as users import it
import { startGanglion } from "../../dist/dev.js";
import { startTestServer, type TestServer } from "../server.ts";
import { expected, expectedVectors } from "./expected.ts";
import { answerOf, openWorker, pluginBindings, remoteBinding } from "./in-miniflare.ts";
import { runChecks } from "./project/src/checks.ts";

let server: TestServer;
beforeAll(async () => {
  delete process.env["GANGLION_SOAK"]; // a server that is started here would take it for a setting
  server = await startTestServer({ environment: { GANGLION_STAND_INS: "1" } });
});
afterAll(() => server.stop());

function bundled(file: string): string {
  const { outputFiles } = buildSync({ entryPoints: [file], bundle: true, write: false, format: "esm", target: "es2022" });
  return outputFiles[0]?.text ?? "";
}

describe("workerd's own Ai in Miniflare 4", () => {
  const script = bundled("test/workers/project/src/index.ts");

  it("passes every check as a remote binding", async () => {
    expect(await answerOf(script, remoteBinding(server))).toEqual({ class: "Ai", found: expected });
  });

  it("passes every check through the plugin, which starts a server of its own", async () => {
    expect(await answerOf(script, pluginBindings())).toEqual({ class: "Ai", found: expected, vectors: expectedVectors });
  });

  it("can be called from Node", async () => {
    const { url, token, close } = await startGanglion();
    const miniflare = openWorker(script, remoteBinding({ url, token }));
    try {
      const { AI } = await miniflare.getBindings<{ AI: AiBinding }>();
      expect(await AI.run("@ganglion/echo", { prompt: "one two" })).toMatchObject({ response: "one two" });
    } finally {
      await miniflare.dispose();
      await close();
    }
    await expect(fetch(url)).rejects.toThrow("fetch failed"); // its server has ended
  });
});

describe("createAi", () => {
  it("passes the same checks in Node", async () => {
    expect(await runChecks(createAi({ baseUrl: server.url, token: server.token }))).toEqual(expected);
  });

  it("passes the same checks in a Worker", async () => {
    const bindings = { BASE_URL: server.url, TOKEN: server.token };
    expect(await answerOf(bundled("test/workers/create-ai-worker.ts"), { bindings })).toEqual({ found: expected });
  });
});
