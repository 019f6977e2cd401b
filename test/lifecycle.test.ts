import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand, startTestServer, type TestServer } from "./server.ts";

const chat = "@ganglion/tiny-chat";
const embed = "@ganglion/tiny-embed";

let server: TestServer;

function send(path: string, body?: object, method = body ? "POST" : "GET", token = server.token): Promise<Response> {
  return fetch(server.url + path, { method, headers: { authorization: `Bearer ${token}` }, ...(body && { body: JSON.stringify(body) }) });
}

const runPath = (model: string) => `/client/v4/accounts/${server.accountId}/ai/run/${model}`;

async function ask(): Promise<void> {
  expect((await send(runPath(chat), { prompt: "Hello", max_tokens: 5 })).status).toBe(200);
  expect((await send(runPath(embed), { text: ["hello"] })).status).toBe(200);
}

/** A call that does not end before it is left: the process that it runs in is stopped in the middle of it. */
async function openCall(): Promise<{ leave(): void }> {
  expect((await send(runPath(chat), { prompt: "Hello", max_tokens: 1 })).status).toBe(200);
  const pid = children().find((child) => commandOf(child).includes("llama-process")) ?? 0;
  process.kill(pid, "SIGSTOP");
  const leaving = new AbortController();
  const init = { method: "POST", headers: { authorization: `Bearer ${server.token}` }, signal: leaving.signal };
  void fetch(server.url + runPath(chat), { ...init, body: JSON.stringify({ prompt: "Hello" }) }).catch(() => {});
  await expect.poll(async () => (await ganglion("ps")).stdout, { timeout: 20_000 }).toMatch(/1 +busy\n/);
  return {
    leave() {
      process.kill(pid, "SIGCONT");
      leaving.abort();
    },
  };
}

/** Processes that the server has started. */
function children(): number[] {
  const pids = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").trim();
  return pids === "" ? [] : pids.split(" ").map(Number);
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8");
}

/** Bytes of memory that a process has of its own. */
function ownBytes(pid: number): number {
  if (!existsSync(`/proc/${pid}/status`)) return 0;
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
}

const ganglion = (...words: string[]) => runCommand(words, { dataFolder: server.dataFolder });

describe("a model of which its operator has said something", { skip: process.platform !== "linux" }, () => {
  beforeAll(async () => {
    const own = { [chat]: { keepAlive: 0, contextTokens: 256, sequences: 1 }, "@me/nowhere": { threads: 1 } };
    server = await startTestServer({ environment: { GANGLION_KEEP_ALIVE: "forever", GANGLION_MODEL_SETTINGS: JSON.stringify(own) } });
  });
  afterAll(() => server.stop());

  it("obeys that, and the others what holds for all", async () => {
    await ask();
    await expect.poll(() => children().map(commandOf), { timeout: 20_000 }).toEqual([expect.stringContaining("onnx-process")]);
    const long = await send(runPath(chat), { prompt: "once upon a time ".repeat(100), max_tokens: 5 });
    expect(long.status).toBe(400);
    expect(await long.text()).toMatch(/\b256\b/);
  }, 60_000);

  it("is named in the log where there is no such model", () => {
    expect(server.stderr).toMatch(/modelSettings speaks of @me\/nowhere, and there is no such model/);
  });
});

describe("a model that nobody asks any more", { skip: process.platform !== "linux" }, () => {
  beforeAll(async () => {
    server = await startTestServer({ environment: { GANGLION_KEEP_ALIVE: "1" } });
  });
  afterAll(() => server.stop());

  it("is gone after keepAlive, its memory is back as the system sees it, and the next call loads it again", async () => {
    for (let time = 0; time < 2; time++) {
      await ask();
      const pids = children();
      expect(pids.length).toBeGreaterThan(0);
      expect(Math.max(...pids.map(ownBytes))).toBeGreaterThan(20_000_000);
      await expect.poll(children, { timeout: 20_000 }).toEqual([]);
      expect(pids.map(ownBytes)).toEqual(pids.map(() => 0));
    }
  }, 60_000);

  it("stays while an answer is read, however long that takes", async () => {
    const call = await openCall();
    const pids = children();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(children()).toEqual(pids);
    call.leave();
    await expect.poll(children, { timeout: 20_000 }).toEqual([]);
  }, 60_000);
});

describe("ganglion ps and ganglion stop", { skip: process.platform !== "linux" }, () => {
  beforeAll(async () => {
    server = await startTestServer({ environment: { GANGLION_KEEP_ALIVE: "forever", GANGLION_GPU: "off" } });
  });
  afterAll(() => server.stop());

  it("list what is in memory, take an idle model out, and one at work only when it is told to", async () => {
    expect(await ganglion("ps")).toMatchObject({ code: 0, stdout: "", stderr: "no model is in memory\n" });
    await ask();
    const { stdout } = await ganglion("ps");
    expect(stdout).toMatch(/^MODEL +ENGINE +MEMORY +CALLS +STATE\n/);
    expect(stdout).toMatch(/@ganglion\/tiny-chat +llama +[\d.]+ MB +0 +idle for \d+ s\n/);
    expect(stdout).toMatch(/@ganglion\/tiny-embed +onnx +[\d.]+ MB +0 +idle for \d+ s\n/);
    expect((await ganglion("stop", embed)).stdout).toBe(`${embed} is no longer in memory\n`);

    const call = await openCall();
    expect(JSON.parse((await ganglion("ps", "--json")).stdout)).toMatchObject([
      { names: [chat], engine: "llama", state: "busy", calls: 1, idle_since: null },
    ]);
    expect((await ganglion("stop", chat)).stdout).toContain("it leaves memory when its calls have ended");
    call.leave();
    await expect.poll(async () => (await ganglion("ps", "--json")).stdout, { timeout: 20_000 }).toBe("[]\n");

    await openCall();
    expect((await ganglion("stop", chat, "--now")).stdout).toBe(`${chat} is no longer in memory\n`);
    expect(await ganglion("stop", chat)).toMatchObject({ code: 1, stderr: expect.stringContaining("is not in memory") as string });
  }, 120_000);

  it("stay out of the way of a model that can never fit: it says what it needs and what there is", async () => {
    const huge = join(server.dataFolder, "huge.gguf");
    copyFileSync(fileURLToPath(new URL("../models/tiny-chat/tiny-chat.gguf", import.meta.url)), huge);
    truncateSync(huge, 5e12); // a file with a hole: it takes no more room on the disk
    await ask();
    expect(await ganglion("add", "@me/huge", huge)).toMatchObject({ code: 0 });
    const message = /@me\/huge needs about 5000\.\d GB of memory, and of this machine's [\d.]+ GB there are [\d.]+ [GM]B free/;
    expect(await ganglion("run", "@me/huge", "Hello")).toMatchObject({ code: 1, stderr: expect.stringMatching(message) as string });
    expect(JSON.parse((await ganglion("ps", "--json")).stdout)).toMatchObject([{ names: [chat] }, { names: [embed] }]);
  }, 60_000);

  it("want a token that may do everything", async () => {
    for (const [method, path] of [
      ["GET", "/ganglion/v1/loaded-models"],
      ["DELETE", `/ganglion/v1/loaded-models/${chat}`],
    ] as const) {
      expect((await send(path, undefined, method)).status).toBe(403);
      expect((await send(path, undefined, method, "nobody")).status).toBe(401);
    }
  });

  it("leave no token behind", async () => {
    const tokens = JSON.parse((await ganglion("tokens", "list", "--json")).stdout) as { name: string }[];
    expect(tokens.map(({ name }) => name)).toEqual(["first"]);
  });

  it("say that no server runs", async () => {
    const elsewhere = { dataFolder: `${server.dataFolder}/elsewhere` };
    expect(await runCommand(["ps"], elsewhere)).toMatchObject({ code: 1, stderr: expect.stringContaining("no Ganglion data") as string });
    mkdirSync(elsewhere.dataFolder);
    writeFileSync(join(elsewhere.dataFolder, "models.json"), "[]");
    expect(await runCommand(["ps"], elsewhere)).toMatchObject({ code: 0, stderr: expect.stringContaining("no server runs") as string });
    expect(await runCommand(["stop", chat], elsewhere)).toMatchObject({ code: 1 });
  });
});

describe("more calls than the line of a model takes", { skip: process.platform !== "linux" }, () => {
  beforeAll(async () => {
    server = await startTestServer({
      environment: { GANGLION_QUEUE_LENGTH: "1", GANGLION_LOADED_MODELS: "1", GANGLION_QUEUE_SECONDS: "1" },
    });
  });
  afterAll(() => server.stop());

  it("are refused with a short time to wait, as Cloudflare does, and another model's call when it has waited", async () => {
    const call = await openCall();
    const refused = await send(runPath(chat), { prompt: "Hello" });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(5);
    expect(await refused.json()).toMatchObject({
      success: false,
      errors: [{ code: 3040, message: expect.stringContaining("Out of capacity") as string }],
    });
    const other = await send(runPath(embed), { text: ["hello"] });
    expect(other.status).toBe(429);
    expect(Number(other.headers.get("retry-after"))).toBeLessThanOrEqual(5);
    call.leave();
    await expect.poll(async () => (await send(runPath(embed), { text: ["hello"] })).status, { timeout: 20_000 }).toBe(200);
  }, 60_000);
});
