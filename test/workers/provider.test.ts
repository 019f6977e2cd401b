import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientFolder, install } from "../clients/programs.ts";
import { startTestServer, type TestServer } from "../server.ts";
import { answerOf, remoteBinding } from "./in-miniflare.ts";

const called = [{ toolName: "weather", input: { city: "Lima" } }];
const expected = {
  "a text": { text: "one two", tokens: 4, finishReason: "stop" },
  "a stream": { text: "one two three", cameInPieces: true, tokens: 6 },
  "a tool call": called,
  "a streamed tool call": called,
  "a form, whole and streamed": [
    { name: "Anna", age: 31 },
    { name: "Anna", age: 31 },
  ],
  vectors: { count: 3, likeliest: true },
  "a ranking": { best: "A cat sleeps on the sofa", count: 3 },
  "a picture": { mediaType: "image/png", isLong: true },
  "speech, and what it said": "four words of speech",
  "an error, which is not tried again": {
    name: "AI_APICallError",
    message: expect.stringContaining("5007: No such model @cf/never/was") as string,
    statusCode: 400,
    isRetryable: false,
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ environment: { GANGLION_STAND_INS: "1" } });
});
afterAll(() => server.stop());

describe.each(["ai6", "ai7"])("workers-ai-provider through the true env.AI: %s", (name) => {
  const folder = clientFolder(`../workers/${name}`, 20);
  const reason = install(folder);

  it.skipIf(reason !== undefined)(reason ?? "passes all its kinds", async () => {
    const { outputFiles } = await build({
      stdin: { contents: readFileSync(join(import.meta.dirname, "provider-worker.js"), "utf8"), resolveDir: folder.path },
      bundle: true,
      write: false,
      format: "esm",
      target: "es2022",
      conditions: ["workerd", "worker", "browser"],
    });
    const options = { compatibilityFlags: ["nodejs_compat"], ...remoteBinding(server) };
    expect(await answerOf(outputFiles[0]?.text ?? "", options)).toEqual(expected);
  });
});
