import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Problem, type Call, type Engine, type Part } from "../core/index.ts";
import { createModelMemory } from "./model-memory.ts";
import { partsInFlight } from "./process-messages.ts";
import { createProcessEngine, type ProcessEngineOptions } from "./process.ts";
import { callOf, cardOf } from "./trial-card.case.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-process-"));
const script = (name: string) => pathToFileURL(join(folder, name));

beforeAll(async () => {
  const entryPoints = ["child", "parent"].map((name) => new URL(`./trial-${name}.case.ts`, import.meta.url).pathname);
  await build({ entryPoints, outdir: folder, bundle: true, format: "esm", platform: "node", target: "node20", logLevel: "error" });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "mute.js"), "setInterval(() => {}, 1000);");
});
afterAll(() => rmSync(folder, { recursive: true }));

const engines: Engine[] = [];
afterEach(async () => void (await Promise.all(engines.splice(0).map((engine) => engine.close()))));

function setUp(options: Partial<ProcessEngineOptions> = {}) {
  const lines: string[] = [];
  const engine = createProcessEngine({ name: "trial", entry: script("trial-child.case.js"), log: (line) => lines.push(line), ...options });
  engines.push(engine);
  return { engine, lines };
}

async function collect(engine: Engine, prompt: string, changes: Partial<Call<"text-generation">> = {}): Promise<Part<"text-generation">[]> {
  const parts: Part<"text-generation">[] = [];
  for await (const part of engine.run(callOf(prompt, changes))) parts.push(part);
  return parts;
}

interface Facts {
  readonly made: number;
  readonly running: number;
  readonly pid: number;
  readonly settings: unknown;
  readonly environment: readonly string[];
}

/** What the child says about itself. */
async function facts(engine: Engine, changes: Partial<Call<"text-generation">> = {}): Promise<Facts> {
  const last = (await collect(engine, "facts", changes)).at(-1);
  if (last?.type !== "end") throw new Error("no end");
  return JSON.parse(last.output.text);
}

async function problemOf(running: Promise<unknown>): Promise<Problem> {
  const thrown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof Problem) return thrown;
  throw new Error("no Problem was thrown");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(10);
}

describe("an engine in a process", () => {
  it("has what was said of one model in the place of what was said of all, in a process of its own", async () => {
    const { engine } = setUp({
      settings: { threads: 1, sequences: 4 },
      ownOf: ({ name }) => (name === "own" ? { settings: { threads: 2 } } : undefined),
    });
    const usual = await facts(engine);
    const own = await facts(engine, { model: cardOf("own") });
    expect([usual.settings, own.settings]).toEqual([
      { threads: 1, sequences: 4 },
      { threads: 2, sequences: 4 },
    ]);
    expect(own.pid).not.toBe(usual.pid);
  });

  it("runs in another process, which is kept", async () => {
    const { engine } = setUp({ settings: { some: ["settings"] } });
    const first = await facts(engine);
    expect(first.pid).not.toBe(process.pid);
    expect(first.settings).toEqual({ some: ["settings"] });
    expect((await facts(engine)).pid).toBe(first.pid);
  });

  it("hears of a Problem with its code, message and details; the cause stays in the log", async () => {
    const { engine, lines } = setUp();
    const problem = await problemOf(collect(engine, "problem"));
    expect(problem).toMatchObject({ code: "over-budget", message: "spent", details: { microneuronsLeft: 1, resetsAt: 2 } });
    expect(problem.cause).toBeUndefined();
    const other = await problemOf(collect(engine, "throw"));
    expect(other.code).toBe("engine-failed");
    expect(other.message).not.toContain("secret");
    while (lines.filter((line) => line.includes("a secret of the library")).length < 2) await sleep(1);
  });

  it("does not let the child see the server's secrets", async () => {
    process.env["GANGLION_TOKEN"] = process.env["HF_TOKEN"] = "secret";
    const { environment } = await facts(setUp({ environment: { EXTRA: "1" } }).engine);
    expect(environment).toContain("PATH");
    expect(environment).toContain("EXTRA");
    expect(environment).not.toContain("GANGLION_TOKEN");
    expect(environment).not.toContain("HF_TOKEN");
    expect(environment).not.toContain("VITEST");
  });

  it("does not run ahead of a slow reader", async () => {
    const { engine } = setUp();
    const reader = engine.run(callOf("count 100000"))[Symbol.asyncIterator]();
    let read = 0;
    for (const most of [1, partsInFlight, 3 * partsInFlight]) {
      for (; read < most; read++) await reader.next();
      const { made } = await facts(engine);
      expect(made).toBeLessThanOrEqual(most + partsInFlight);
    }
    await reader.return?.();
  });

  it("loses and doubles nothing when the reader is faster", async () => {
    const parts = await collect(setUp().engine, "count 10000");
    expect(parts.map(({ type }) => type[0]).join("")).toBe(`b${"d".repeat(10_000)}e`);
  });

  it("frees the child when the caller aborts or leaves", async () => {
    const { engine } = setUp();
    const leaving = new AbortController();
    const waiting = collect(engine, "wait", { signal: leaving.signal });
    for await (const part of engine.run(callOf("count 100000"))) if (part.type === "delta") break;
    leaving.abort();
    expect((await waiting).map(({ type }) => type)).toEqual(["begin"]);
    while ((await facts(engine)).running > 1) await sleep(1); // itself
  });

  it("ends at the deadline", async () => {
    const { engine } = setUp();
    await facts(engine);
    const problem = await problemOf(collect(engine, "wait", { deadline: Date.now() + 50 }));
    expect(problem.code).toBe("timed-out");
    while ((await facts(engine)).running > 1) await sleep(1);
  });

  it("is killed when a call that was left does not end and nothing is heard of it; the next call has a new one", async () => {
    for (const lost of ["deaf", "block"]) {
      const { engine, lines } = setUp({ stopTimeout: 300 });
      const { pid } = await facts(engine);
      const other = problemOf(collect(engine, "wait"));
      const leaving = new AbortController();
      for await (const part of engine.run(callOf(lost, { signal: leaving.signal }))) if (part.type === "begin") leaving.abort();
      expect((await other).message).toMatch(/the process that ran trial-model died/);
      expect((await facts(engine)).pid).not.toBe(pid);
      expect(lines).toContain("trial-model: a call that was stopped did not end, and nothing is heard of its process; it is killed");
    }
  });

  it("is killed then although other callers come and leave all the time", async () => {
    const { engine } = setUp({ stopTimeout: 300 });
    const first = await facts(engine);
    for await (const part of engine.run(callOf("block"))) if (part.type === "begin") break;
    const leave = () => void collect(engine, "wait", { signal: AbortSignal.timeout(20) }).catch(() => {}); // of the last ones the process dies
    const leaving = setInterval(leave, 50);
    try {
      expect((await problemOf(collect(engine, "wait"))).message).toMatch(/the process that ran trial-model died/);
    } finally {
      clearInterval(leaving);
    }
    expect((await facts(engine)).pid).not.toBe(first.pid);
  });

  it("that the system does not let start is an answer at once, and the next call tries again", async () => {
    const environment: Record<string, string> = { LARGE: "x".repeat(4_000_000) }; // more than a process may be given
    const { engine, lines } = setUp({ environment });
    expect(await problemOf(collect(engine, "facts"))).toMatchObject({ code: "engine-failed" });
    expect(lines).toEqual([expect.stringMatching(/^trial-model: its process did not start: spawn E2BIG/)]);
    delete environment["LARGE"];
    expect(await facts(engine)).toMatchObject({ running: 1 });
  });

  it("is left alone while other calls are heard of, and when a call that was left had ended", async () => {
    const { engine } = setUp({ stopTimeout: 300 });
    const { pid } = await facts(engine);
    for await (const _part of engine.run(callOf("count 1"))) {
      await sleep(100); // its end is here by now, and is not read
      break;
    }
    for await (const _part of engine.run(callOf("deaf"))) break;
    for (let time = 0; time < 12; time++) {
      await sleep(50);
      expect((await facts(engine)).pid).toBe(pid);
    }
  });

  it("starts again after a kill, and the callers of the dead process hear of it", async () => {
    const { engine, lines } = setUp();
    const { pid } = await facts(engine);
    const running = [problemOf(collect(engine, "wait")), problemOf(collect(engine, "wait"))];
    await facts(engine);
    process.kill(pid, "SIGKILL");
    for (const problem of await Promise.all(running)) {
      expect(problem.code).toBe("engine-failed");
      expect(problem.message).toMatch(/the process that ran trial-model died/);
    }
    expect((await facts(engine)).pid).not.toBe(pid);
    expect(lines).toContain("trial-model: its process died (SIGKILL)");
  });

  it("refuses at once after three crashes in a row, until a pause has passed", async () => {
    let now = 0;
    const { engine } = setUp({ now: () => now, pause: 20_000 });
    for (let crash = 0; crash < 3; crash++) await problemOf(collect(engine, "crash"));
    const refusal = await problemOf(facts(engine));
    expect(refusal).toMatchObject({ code: "engine-failed", details: { retryAfterSeconds: 20 } });
    expect(refusal.message).toMatch(/died 3 times in a row; it is tried again in 20 s/);
    now = 20_000;
    await problemOf(collect(engine, "crash"));
    expect((await problemOf(facts(engine))).details).toEqual({ retryAfterSeconds: 20 });
    now = 40_000;
    await facts(engine);
    for (let crash = 0; crash < 2; crash++) await problemOf(collect(engine, "crash"));
    expect((await facts(engine)).made).toBe(0);
  });

  it("counts a process that does not come up, and says so", async () => {
    const { engine, lines } = setUp({ entry: script("mute.js"), startTimeout: 50 });
    for (let time = 0; time < 3; time++) expect((await problemOf(facts(engine))).code).toBe("engine-failed");
    expect((await problemOf(facts(engine))).message).toContain("3 times in a row");
    expect(lines).toContain("trial-model: did not start within 50 ms");
  });

  it("survives an entry that is not there", async () => {
    const { engine } = setUp({ entry: script("nowhere.js") });
    expect((await problemOf(facts(engine))).code).toBe("engine-failed");
  });

  it("ends children when it is closed, and calls with them; twice does no harm", async () => {
    const { engine } = setUp();
    const { pid } = await facts(engine);
    const running = problemOf(collect(engine, "wait"));
    await facts(engine);
    await Promise.all([engine.close(), engine.close()]);
    expect(isAlive(pid)).toBe(false);
    expect((await running).code).toBe("engine-failed");
    expect((await problemOf(facts(engine))).code).toBe("engine-failed");
  });

  it("leaves no children behind when the server is killed", async () => {
    const parent = spawn(process.execPath, [join(folder, "trial-parent.case.js")], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await new Promise<string[]>((resolve) =>
      createInterface({ input: parent.stdout }).once("line", (said) => resolve([said])),
    );
    const { pid }: Facts = JSON.parse(line ?? "");
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await untilGone(pid);
  });
});

function model(name: string) {
  return { model: cardOf(name) };
}

describe("processes by key", () => {
  const byModel = { keyOf: (call: Call) => call.model.name };

  it("crash alone", async () => {
    const { engine } = setUp(byModel);
    const { pid } = await facts(engine, model("one"));
    for (let crash = 0; crash < 3; crash++) await problemOf(collect(engine, "crash", model("two")));
    expect((await facts(engine, model("one"))).pid).toBe(pid);
    expect((await problemOf(facts(engine, model("two")))).message).toContain("two");
  });

  it("make room, the least recently used first, and never a busy one", async () => {
    const { engine } = setUp({ ...byModel, memory: createModelMemory({ maxModels: 2, patience: 1 }) });
    const one = await facts(engine, model("one"));
    const two = await facts(engine, model("two"));
    await facts(engine, model("one"));
    await facts(engine, model("three"));
    expect([one, two].map(({ pid }) => isAlive(pid))).toEqual([true, false]);
    const leaving = new AbortController();
    const busy = ["one", "three"].map((name) => collect(engine, "wait", { ...model(name), signal: leaving.signal }));
    await facts(engine, model("one"));
    expect(await problemOf(facts(engine, model("two")))).toMatchObject({ code: "at-capacity", details: { retryAfterSeconds: 5 } });
    leaving.abort();
    await Promise.all(busy);
    await facts(engine, model("two"));
  });

  it("end when they were idle, and their memory is back as the system sees it", { skip: process.platform !== "linux" }, async () => {
    const memory = createModelMemory({ keepAlive: 200 });
    const { engine } = setUp({ ...byModel, memory });
    const first = await facts(engine, model("one"));
    const [listed] = memory.list();
    expect(listed).toMatchObject({ names: ["one"], engine: "trial", state: "idle", calls: 0 });
    expect(listed?.bytes).toBeGreaterThan(10_000_000);
    await expect.poll(() => existsSync(`/proc/${first.pid}`)).toBe(false);
    expect(memory.list()).toEqual([]);
    expect((await facts(engine, model("one"))).pid).not.toBe(first.pid);
  });

  it("are taken out of memory on demand, with the calls in them", async () => {
    const memory = createModelMemory();
    const { engine } = setUp({ ...byModel, memory });
    const { pid } = await facts(engine, model("one"));
    const running = problemOf(collect(engine, "wait", model("one")));
    await expect.poll(() => memory.list()).toMatchObject([{ state: "busy", calls: 1 }]);
    await memory.unload("one", true);
    expect(isAlive(pid)).toBe(false);
    expect((await running).message).toContain("was ended");
  });

  it("are not started where there is no room, and the callers hear what is needed and what there is", async () => {
    const needsOf = async () => ({ wanted: 8e9, least: 6e9 });
    const { engine, lines } = setUp({ ...byModel, needsOf, memory: createModelMemory({ free: () => 2e9 }) });
    const problems = await Promise.all([1, 2].map(() => problemOf(facts(engine, model("one")))));
    for (const problem of problems) {
      expect(problem.code).toBe("bad-setting");
      expect(problem.message).toMatch(/one needs about 6\.0 GB of memory, and .* 2\.0 GB free/);
    }
    expect(lines).toEqual([]);
  });

  it("take so many calls, and refuse more with a short time to wait", async () => {
    const { engine } = setUp({ maxCalls: 2 });
    const leaving = new AbortController();
    const waiting = [1, 2].map(() => collect(engine, "wait", { signal: leaving.signal }));
    await sleep(0);
    expect(await problemOf(facts(engine))).toMatchObject({ code: "at-capacity", details: { retryAfterSeconds: 2 } });
    leaving.abort();
    await Promise.all(waiting);
    await facts(engine);
  });

  it("leave room for other accounts: one has as many calls as are free beside them", async () => {
    const { engine } = setUp({ maxCalls: 9 });
    const leaving = new AbortController();
    const entered: Promise<unknown>[] = [];
    const refused: Promise<unknown>[] = [];
    const ask = (account: string) => collect(engine, "wait", { account, signal: leaving.signal });
    for (const [account, share] of [
      ["a", 5],
      ["b", 3],
      ["c", 1],
    ] as const) {
      for (let call = 0; call < share; call++) entered.push(ask(account));
      await sleep(0);
      if (account !== "c") refused.push(problemOf(ask(account)));
    }
    for (const problem of await Promise.all(refused)) {
      expect(problem).toMatchObject({ code: "at-capacity", details: { retryAfterSeconds: 2 }, message: expect.stringMatching(/account/) });
    }
    leaving.abort();
    await Promise.all(entered);
    await facts(engine);
  });

  it("do not let a call wait behind others for longer than it may", async () => {
    const { engine } = setUp({ queueTimeout: 200 });
    const leaving = new AbortController();
    const ahead = collect(engine, "wait", { signal: leaving.signal });
    const problem = await problemOf(collect(engine, "silent"));
    expect(problem).toMatchObject({ code: "at-capacity", details: { retryAfterSeconds: 5 } });
    leaving.abort();
    await ahead;
  });

  it("refuse before they start when the key says so", async () => {
    const { engine, lines } = setUp({
      keyOf() {
        throw new Problem("weights-missing", "not here");
      },
    });
    expect((await problemOf(facts(engine))).code).toBe("weights-missing");
    expect(lines).toEqual([]);
  });
});
