import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Problem, type Engine, type ModelCard } from "../../core/index.ts";
import { callOf } from "../conformance.ts";
import { createLlamaEngine } from "./engine.ts";
import { createLlamaProcessEngine, readGgufMetadata } from "./index.ts";
import { tinyChat, tinyChatPath } from "./tiny-chat.case.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-broken-"));
afterAll(() => rmSync(folder, { recursive: true }));
const whole = readFileSync(tinyChatPath);

function fileOf(name: string, bytes: Uint8Array): ModelCard {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { ...tinyChat, name, weights: [{ format: "gguf", path }] };
}

/** The whole file with other bytes after the first place where a text stands. */
function patched(name: string, after: string, change: (at: Buffer) => void): ModelCard {
  const bytes = Buffer.from(whole);
  const at = bytes.indexOf(after);
  if (at < 0) throw new Error(`no ${after} in the file`);
  change(bytes.subarray(at + after.length));
  return fileOf(name, bytes);
}

async function ask(engine: Engine, model: ModelCard): Promise<string | Problem> {
  try {
    for await (const part of engine.run(callOf<"text-generation">(model, { prompt: "Hello", temperature: 0 })))
      if (part.type === "end") return part.output.text;
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown;
    throw thrown;
  }
  throw new Error("no end");
}

/** Process ids of what this process has started. */
function children(): number[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ").map(Number);
}

const bad = {
  "no GGUF": () => fileOf("text.gguf", Buffer.from("hello, this is not a model")),
  "an empty file": () => fileOf("empty.gguf", Buffer.alloc(0)),
  "one cut in its head": () => fileOf("head.gguf", whole.subarray(0, 20_000)),
  "one cut in its tensors": () => fileOf("cut.gguf", whole.subarray(0, 1_000_000)),
  "one cut at its last byte": () => fileOf("nearly.gguf", whole.subarray(0, -4000)),
  "one of a version to come": () => patched("version.gguf", "GGUF", (at) => at.writeUInt32LE(99)),
  "one with counts that cannot be": () => patched("counts.gguf", "GGUF", (at) => at.writeBigUInt64LE(2n ** 62n, 4)),
  "one with a text that cannot be": () => patched("long.gguf", "general.architecture", (at) => at.writeBigUInt64LE(2n ** 62n, 4)),
  "one with a vocabulary that cannot be": () =>
    patched("vocabulary.gguf", "tokenizer.ggml.tokens", (at) => at.writeBigUInt64LE(2n ** 61n, 8)),
  "one of an unknown architecture": () => patched("unknown.gguf", "general.architecture", (at) => at.write("llbma", 12)),
} satisfies Record<string, () => ModelCard>;

describe("the process of a model", () => {
  it("lets as many calls wait as the server does: there is one line, and it is the server's", async () => {
    const entry = new URL("../../../dist/llama-process.js", import.meta.url);
    const engine = createLlamaProcessEngine({ entry, maxCalls: 800, settings: { threads: 1, sequences: 2 } });
    const calls = Array.from({ length: 400 }, async () => {
      const call = callOf<"text-generation">(tinyChat, { prompt: "Hello", temperature: 0, max_tokens: 1 });
      for await (const part of engine.run(call)) if (part.type === "end") return "answered";
      return "left";
    });
    try {
      expect(await Promise.all(calls)).toEqual(calls.map(() => "answered"));
    } finally {
      await engine.close();
    }
  }, 60_000);
});

describe("a file that is no good", () => {
  const engine = createLlamaEngine({ threads: 1 });
  afterAll(() => engine.close());

  for (const [what, make] of Object.entries(bad)) {
    it(`is refused in plain words, naming the file and not its folder: ${what}`, async () => {
      const model = make();
      const problem = await ask(engine, model);
      expect(problem).toBeInstanceOf(Problem);
      expect(problem).toMatchObject({ code: "engine-failed", message: expect.stringContaining(model.name) });
      expect(String(problem)).not.toContain(folder);
    });
  }

  it("is asked for when it is missing", async () => {
    const model: ModelCard = { ...tinyChat, weights: [{ format: "gguf", path: join(folder, "nowhere.gguf") }] };
    expect(await ask(engine, model)).toMatchObject({ code: "weights-missing", details: { files: [{ name: "nowhere.gguf" }] } });
  });

  it("is loaded when it has been mended", async () => {
    const model = fileOf("mended.gguf", whole.subarray(0, 1000));
    expect(await ask(engine, model)).toBeInstanceOf(Problem);
    fileOf("mended.gguf", whole);
    expect(await ask(engine, model)).toBeTypeOf("string");
  });
});

describe("llama in processes", () => {
  const lines: string[] = [];
  const engine = createLlamaProcessEngine({
    entry: new URL("../../../dist/llama-process.js", import.meta.url),
    settings: { threads: 1 },
    log: (line) => lines.push(line),
  });
  afterAll(() => engine.close());

  it("survives a file that aborts llama.cpp, and so do the other models", async () => {
    const abortive = patched("abortive.gguf", "llama.attention.head_count_kv", (at) => at.writeUInt32LE(0, 4));
    const healthy = engine.run(callOf<"text-generation">(tinyChat, { prompt: "Tell me a story", temperature: 0 }))[Symbol.asyncIterator]();
    expect((await healthy.next()).value).toMatchObject({ type: "begin" });
    const problem = await ask(engine, abortive);
    expect(problem).toMatchObject({ code: "engine-failed", message: expect.stringContaining("the process that ran abortive.gguf died") });
    expect((await healthy.next()).value).toMatchObject({ type: "delta" });
    await healthy.return?.();
    await ask(engine, abortive);
    await ask(engine, abortive);
    expect(String(await ask(engine, abortive))).toContain("3 times in a row");
  });

  /** Linux alone lists the children of a process; elsewhere this is left to the tests of processes. */
  it.runIf(process.platform === "linux")(
    "tells the caller of a process that is killed in mid-stream, and goes on with the next call",
    async () => {
      const before = new Set(children());
      const other = createLlamaProcessEngine({
        entry: new URL("../../../dist/llama-process.js", import.meta.url),
        settings: { threads: 1 },
        log: () => {},
      });
      const stream = other.run(callOf<"text-generation">(tinyChat, { prompt: "Tell me a story", temperature: 0 }))[Symbol.asyncIterator]();
      for (let part = 0; part < 3; part++) expect((await stream.next()).done).toBe(false);
      for (const pid of children()) if (!before.has(pid)) process.kill(pid, "SIGKILL");
      const rest = (async () => {
        while (!(await stream.next()).done);
      })();
      await expect(rest).rejects.toMatchObject({
        code: "engine-failed",
        message: expect.stringContaining("the process that ran @ganglion/tiny-chat died"),
      });
      expect(await ask(other, tinyChat)).toMatch(/hello|hi/i);
      await other.close();
    },
  );

  it.runIf(process.platform === "linux")(
    "kills a process that is lost in a call that was left, and goes on with the next call",
    async () => {
      const before = new Set(children());
      const other = createLlamaProcessEngine({
        entry: new URL("../../../dist/llama-process.js", import.meta.url),
        settings: { threads: 1 },
        stopTimeout: 500,
        log: () => {},
      });
      const story = () =>
        other.run(callOf<"text-generation">(tinyChat, { prompt: "Tell me a story", temperature: 0 }))[Symbol.asyncIterator]();
      const [left, stays] = [story(), story()];
      for (const stream of [left, stays]) expect((await stream.next()).value).toMatchObject({ type: "begin" });
      for (const pid of children()) if (!before.has(pid)) process.kill(pid, "SIGSTOP");
      await left.return?.();
      const rest = (async () => {
        while (!(await stays.next()).done);
      })();
      await expect(rest).rejects.toMatchObject({ code: "engine-failed", message: expect.stringContaining("died") as string });
      expect(await ask(other, tinyChat)).toMatch(/hello|hi/i);
      await other.close();
    },
  );
});

describe("readGgufMetadata", () => {
  it("says what a file is, without loading it", async () => {
    expect(await readGgufMetadata(tinyChatPath)).toMatchObject({
      architecture: "llama",
      name: "tiny-chat",
      contextTokens: 2048,
      dimensions: 160,
      task: "text-generation",
      parameters: 2_019_360,
      chatTemplate: expect.stringContaining("<|im_start|>"),
    });
  });
});
