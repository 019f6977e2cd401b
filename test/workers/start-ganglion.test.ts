import { expect, it, vi } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTool, type Tool } from "./tool.ts";

const dist = new URL("../../dist/dev.js", import.meta.url).href;

/** A development tool: a process that has Ganglion started. */
function toolThat(doesThen: string, environment?: Readonly<Record<string, string>>): Tool {
  const path = mkdtempSync(join(tmpdir(), "ganglion-tool-"));
  const code = `import { startGanglion } from ${JSON.stringify(dist)};
    const server = await startGanglion();
    const ask = async () => (await fetch(server.url + "/health")).status;
    console.log("url", server.url, "status", await ask());
    console.log("token", server.token);
    ${doesThen}`;
  const tool = startTool(process.execPath, ["--input-type=module", "--eval", code], { path, remove: () => {} }, environment);
  void tool.ended.then(() => rmSync(path, { recursive: true, force: true }));
  return tool;
}

const urlIn = (output: string) => /^url (\S+) status 200$/m.exec(output)?.[1] ?? "no url was said";

async function expectGone(url: string): Promise<void> {
  await vi.waitFor(() => expect(fetch(`${url}/health`)).rejects.toThrow("fetch failed"), { timeout: 10_000 });
}

it("does not keep its process from ending, and ends with it", async () => {
  const { code, output } = await toolThat("").ended;
  expect(code).toBe(0);
  await expectGone(urlIn(output));
});

it("ends when its process is killed", async () => {
  const tool = toolThat("setInterval(() => {}, 1000); process.kill(process.pid, 'SIGKILL');");
  const { output } = await tool.ended;
  await expectGone(urlIn(output));
});

it("is one server, however often it is asked for, and a new one after it was closed", async () => {
  const { output } = await toolThat(`
    const same = (await startGanglion()).url === server.url;
    await server.close();
    const other = await startGanglion();
    console.log("found", same, other.url !== server.url, (await fetch(other.url + "/health")).status);`).ended;
  expect(output).toContain("found true true 200");
});

it("takes the server that GANGLION_URL names, and leaves it alone", async () => {
  const first = toolThat("setInterval(() => {}, 1000);");
  await first.says(/status 200/);
  const url = urlIn(first.output);
  await first.says(/^token \S+$/m);
  const [, token = ""] = /^token (\S+)$/m.exec(first.output) ?? [];
  expect((await toolThat("", { GANGLION_URL: url, GANGLION_TOKEN: "another-token" }).ended).output).toContain("does not know the token");
  expect((await toolThat("", { GANGLION_URL: url }).ended).output).toContain("GANGLION_TOKEN is not set");
  const { output } = await toolThat("await server.close(); console.log('then', await ask());", { GANGLION_URL: url, GANGLION_TOKEN: token })
    .ended;
  expect(output).toMatch(new RegExp(`url ${url} status 200\\n.*\\nthen 200`));
  await first.interrupt();
  await expectGone(url);
});

it("says that nothing answers where GANGLION_URL says that a server is", async () => {
  const { code, output } = await toolThat("", { GANGLION_URL: "http://127.0.0.1:1", GANGLION_TOKEN: "some-token" }).ended;
  expect(output).toContain("no server answers at http://127.0.0.1:1, which GANGLION_URL names");
  expect(code).toBe(1);
});

it("says why it does not start", async () => {
  const { code, output } = await toolThat("", { GANGLION_DEADLINE: "soon" }).ended;
  expect(output).toContain("GANGLION_DEADLINE must be a number of seconds");
  expect(code).toBe(1);
});
