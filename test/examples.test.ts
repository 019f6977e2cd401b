import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./server.ts";

/** The three workflows that people paste workers for today, and env.AI outside of a Worker, as programs. */
describe("an example", () => {
  const folder = mkdtempSync(join(tmpdir(), "ganglion-examples-"));
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function run(name: string, args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
    const script = fileURLToPath(new URL(`../examples/${name}.mjs`, import.meta.url));
    const env = { PATH: process.env["PATH"], GANGLION_URL: server.url, GANGLION_TOKEN: server.token, ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { env });
    return stdout;
  }

  it("shows a picture as a chat answer, and fetches it by the link", async () => {
    const file = join(folder, "picture.png");
    expect(await run("picture-in-a-chat", ["a red circle", file])).toMatch(
      /^!\[a red circle\]\(http.*\/file\/.*\)\n.*: image\/png, \d+ bytes\n$/,
    );
    expect(readFileSync(file).subarray(1, 4).toString()).toBe("PNG");
  });

  it("writes a recording down", async () => {
    const file = join(folder, "recording.wav");
    const spoken = await fetch(`${server.url}/v1/audio/speech`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}` },
      body: JSON.stringify({ model: "@ganglion/tiny-speak", voice: "alloy", input: "Good morning, my friend.", response_format: "wav" }),
    });
    writeFileSync(file, Buffer.from(await spoken.arrayBuffer()));
    expect((await run("transcribe", [file])).replaceAll(/\d+\.\d\d - \d+\.\d\d {2}/g, "")).toBe("good morning my friend\n");
  });

  it("asks as env.AI does", async () => {
    expect(await run("create-ai", ["What is the capital of France?"])).toMatch(
      /^The capital of France is Paris\. \(\d+ tokens, request [\da-f-]{36}\)\n\d+ models draw pictures\n$/,
    );
  });

  it("translates the paragraphs of a page all at once, in their order", async () => {
    const paragraphs = Array.from({ length: 200 }, (_, i) => `Anna has ${i + 2} books. Where is the station?`);
    writeFileSync(join(folder, "page.txt"), paragraphs.join("\n\n"));
    const said = await run("translate-page", [join(folder, "page.txt"), "es"]);
    expect(said.trim().split("\n\n")).toEqual(paragraphs.map((_, i) => `Anna tiene ${i + 2} libros. ¿Dónde está la estación?`));
  });
});
