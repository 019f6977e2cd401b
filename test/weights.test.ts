import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startHub, type TestHub, testRevision } from "./hub.ts";
import { cleanEnvironment, program, runCommand, startTestServer, type TestServer } from "./server.ts";

// The built program against a hub on loopback that has small models under the names of large ones.

const models = fileURLToPath(new URL("../models", import.meta.url));
const read = (path: string) => readFileSync(join(models, path));
const chat = "@cf/tinyllama/tinyllama-1.1b-chat-v1.0";
const chatRepository = "TheBloke/TinyLlama-1.1B-Chat-v1.0-GGUF";
const embeddings = "@cf/baai/bge-small-en-v1.5";

let dataFolder: string;
let hub: TestHub;

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), "ganglion-weights-"));
  const tinyEmbed = ["config.json", "tokenizer.json", "tokenizer_config.json", "1_Pooling/config.json", "onnx/model.onnx"];
  hub = await startHub({
    [chatRepository]: {
      revision: testRevision,
      files: {
        "tinyllama-1.1b-chat-v1.0.Q2_K.gguf": randomBytes(5_000),
        "tinyllama-1.1b-chat-v1.0.Q4_K_M.gguf": read("tiny-chat/tiny-chat.gguf"),
      },
    },
    "Xenova/bge-small-en-v1.5": {
      revision: testRevision,
      files: Object.fromEntries(tinyEmbed.map((path) => [path, read(`tiny-embed/${path}`)])),
    },
    "somebody/large-GGUF": { revision: testRevision, files: { "large.gguf": randomBytes(40 * 2 ** 20) } },
  });
});

afterEach(async () => {
  await hub.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

const environment = (more: Record<string, string> = {}) => ({ HF_ENDPOINT: hub.endpoint, ...more });
const ganglion = (...words: string[]) => runCommand(words, { dataFolder, environment: environment() });

async function failure(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await ganglion(...words);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  return stderr;
}

function weightFiles(): string[] {
  const folder = join(dataFolder, "weights");
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".lock")).map(({ name }) => name);
}

describe("ganglion pull", () => {
  it("brings a model of the catalogue, which then answers with its own weights", async () => {
    expect(await failure("run", chat, "Hello")).toContain(`it wants ${chatRepository}; \`ganglion pull ${chat}\` brings them`);
    const pulled = await ganglion("pull", chat);
    expect(pulled).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/tinyllama-1\.1b-chat-v1\.0: .* MB from TheBloke.*0123456, checked: /),
    });
    expect(pulled.stderr).toMatch(
      /^tinyllama-1.1b-chat-v1.0.Q4_K_M.gguf, .*\n[\s\S]*100 % of .* MB\nnote: .* nobody has confirmed: its files may not be/,
    );
    const answer = await ganglion("run", chat, "--temperature", "0", "Hello");
    expect(answer).toEqual({ code: 0, stdout: expect.stringMatching(/^Hello.*\n$/), stderr: "" });
  });

  it("brings an ONNX model, and a server that runs already answers with it", async () => {
    const server: TestServer = await startTestServer({ dataFolder });
    try {
      const ask = () =>
        fetch(`${server.url}/v1/embeddings`, {
          method: "POST",
          headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
          body: JSON.stringify({ model: embeddings, input: "a lake in the mountains" }),
        });
      const before = await ask();
      expect([before.status, ((await before.json()) as { error: { message: string } }).error.message]).toEqual([
        expect.any(Number),
        expect.stringContaining(`\`ganglion pull ${embeddings}\` brings them`),
      ]);
      expect(before.ok).toBe(false);
      expect((await ganglion("pull", embeddings)).code).toBe(0);
      const after = await ask();
      expect(after.status).toBe(200);
      expect(((await after.json()) as { data: { embedding: number[] }[] }).data[0]?.embedding.length).toBeGreaterThan(1);
    } finally {
      await server.stop();
    }
  });

  it("gives any repository with a GGUF a name, from what the file says of itself", async () => {
    hub.repositories["Some-One/Tiny.GGUF"] = { revision: testRevision, files: { "tiny.gguf": read("tiny-chat/tiny-chat.gguf") } };
    expect(await ganglion("pull", "hf:Some-One/Tiny.GGUF")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("ganglion.js run @hf/Some-One/Tiny.GGUF"),
    });
    expect((await ganglion("run", "@hf/Some-One/Tiny.GGUF", "--temperature", "0", "Hello")).stdout).toMatch(/^Hello/);
    expect((await ganglion("pull", "hf:Some-One/Tiny.GGUF:tiny.gguf", "--name", "@me/tiny")).code).toBe(0);
    expect((await ganglion("models", "tiny", "--here")).stdout).toContain("@me/tiny");
    expect(await failure("pull", "hf:Some-One/Tiny.GGUF", "--name", "@ganglion/tiny-chat")).toContain(
      "there is a model @ganglion/tiny-chat already; give yours another name",
    );
  });

  it("does not keep a file that is no model under a name", async () => {
    expect(await failure("pull", "hf:somebody/large-GGUF")).toContain("large.gguf is no model that can be loaded: it is not a GGUF file");
    expect(weightFiles()).toEqual([]);
    expect((await ganglion("models", "large")).stdout).not.toContain("large-GGUF");
  });

  it("takes a repository that the caller knows for a model that has none here", async () => {
    const model = "@cf/meta/llama-3.2-1b-instruct";
    expect(await failure("pull", model)).toContain("no repository is known that has @cf/meta/llama-3.2-1b-instruct for an engine here");
    expect((await ganglion("pull", model, "--from", `${chatRepository}:tinyllama-1.1b-chat-v1.0.Q4_K_M.gguf`)).code).toBe(0);
    expect((await ganglion("run", model, "--temperature", "0", "Hello")).stdout).toMatch(/^Hello/);
  });

  it("without a model brings all that weights.json has: the file is enough to have the same models elsewhere", async () => {
    await ganglion("pull", chat);
    await ganglion("pull", embeddings);
    const elsewhere = mkdtempSync(join(tmpdir(), "ganglion-weights-"));
    cpSync(join(dataFolder, "weights.json"), join(elsewhere, "weights.json"));
    const { code, stderr } = await runCommand(["pull"], { dataFolder: elsewhere, environment: environment() });
    expect(code).toBe(0);
    expect(stderr.match(/as weights.json has it/g)).toHaveLength(2);
    expect(readFileSync(join(elsewhere, "weights.json"))).toEqual(readFileSync(join(dataFolder, "weights.json")));
    rmSync(elsewhere, { recursive: true });
  });

  it("says what to do without a network, in one line", async () => {
    const { stderr, code } = await runCommand(["pull", chat], { dataFolder, environment: { HF_ENDPOINT: "http://127.0.0.1:9" } });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^ganglion: 127.0.0.1:9 cannot be reached: nothing listens there; pull again when/);
    expect(weightFiles()).toEqual([]);
  });

  it("leaves what comes with Ganglion, or is in Hugging Face's cache, where it is", async () => {
    expect((await ganglion("pull", "@ganglion/tiny-chat")).stdout).toContain("comes with Ganglion");
    const cache = join(dataFolder, "hf-cache");
    const snapshot = join(cache, `models--${chatRepository.replace("/", "--")}`, "snapshots", testRevision);
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(snapshot, "x.Q8_0.gguf"), read("tiny-chat/tiny-chat.gguf"));
    const withCache = (...words: string[]) => runCommand(words, { dataFolder, environment: environment({ HF_HUB_CACHE: cache }) });
    expect((await withCache("pull", chat)).stdout).toContain(`is here already: ${join(snapshot, "x.Q8_0.gguf")}`);
    expect((await withCache("run", chat, "--temperature", "0", "Hello")).stdout).toMatch(/^Hello/);
    expect((await withCache("models", "--local")).stdout).toContain(snapshot);
    expect((await withCache("rm", chat)).stderr).toContain("which Ganglion only reads: delete it there");
    expect(existsSync(join(snapshot, "x.Q8_0.gguf"))).toBe(true);
    expect(hub.requests).toEqual([]);
  });
});

describe("a pull that is killed", () => {
  const pullLargeWords = ["pull", chat, "--from", "somebody/large-GGUF"];
  const pullLarge = () =>
    spawn(process.execPath, [program, ...pullLargeWords], {
      env: cleanEnvironment({ GANGLION_DATA: dataFolder, ...environment() }),
      stdio: "ignore",
    });
  const large = 40 * 2 ** 20;

  async function segmentsOnDisk(count: number): Promise<void> {
    const folder = join(dataFolder, "weights/somebody/large-GGUF/.unfinished");
    for (;;) {
      const [journal] = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".done")) : [];
      if (journal && readFileSync(join(folder, journal), "utf8").split("\n").length - 2 >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it("is gone on with by the next one, which fetches only the rest", async () => {
    hub.troubles.stallAfter = large / 2;
    const child = pullLarge();
    await segmentsOnDisk(2);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.on("close", resolve));
    expect((await ganglion("models", "--local")).stdout).toMatch(/MB of somebody\/large-GGUF are unfinished/);

    hub.troubles.stallAfter = undefined;
    const before = hub.sentBytes;
    expect((await ganglion(...pullLargeWords)).code).toBe(0);
    expect(hub.sentBytes - before).toBeLessThanOrEqual(large - 2 * 4 * 2 ** 20);
    expect(hub.sentBytes - before).toBeGreaterThan(0);
    expect(weightFiles()).toEqual(["large.gguf"]);
    expect(
      readFileSync(join(dataFolder, "weights/somebody/large-GGUF", testRevision, "large.gguf")).equals(hubFile("somebody/large-GGUF")),
    ).toBe(true);
  });

  it("says 130 where it was Ctrl-C, and keeps what has come", async () => {
    hub.troubles.stallAfter = large / 2;
    const child = pullLarge();
    await segmentsOnDisk(1);
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
    expect(weightFiles().toSorted()).toEqual([expect.stringMatching(/\.done$/), expect.stringMatching(/\.part$/)]);
  });

  it("lets another process that waits for it go on in its place", async () => {
    hub.troubles.stallAfter = large / 2;
    const child = pullLarge();
    await segmentsOnDisk(1);
    const waiting = spawn(process.execPath, [program, ...pullLargeWords], {
      env: cleanEnvironment({ GANGLION_DATA: dataFolder, ...environment() }),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    await new Promise<void>((resolve) => {
      waiting.stderr.on("data", (text) => {
        said += String(text);
        if (said.includes("waiting for it")) resolve();
      });
    });
    hub.troubles.stallAfter = undefined;
    child.kill("SIGKILL");
    await new Promise((resolve) => waiting.on("close", resolve));
    expect(said).toContain("another process fetches from somebody/large-GGUF; waiting for it");
    expect(hub.sentBytes).toBeLessThan(2 * large);
    expect(weightFiles()).toEqual(["large.gguf"]);
  });

  function hubFile(repository: string): Buffer {
    return Buffer.from(Object.values(hub.repositories[repository]?.files ?? {})[0] ?? []);
  }
});

describe("ganglion models --local and rm", () => {
  it("list what is here with sizes and places, and take it away", async () => {
    await ganglion("pull", chat);
    const { stdout } = await ganglion("models", "--local");
    expect(stdout).toMatch(new RegExp(`^${chat} +Text Generation +[\\d.]+ MB +pulled from ${chatRepository} at 0123456$`, "m"));
    expect(stdout).toMatch(/^@ganglion\/tiny-chat .* comes with Ganglion$/m);
    const listed = JSON.parse((await ganglion("models", "--local", "--json", "tinyllama")).stdout) as { models: object[] };
    expect(listed.models).toEqual([
      expect.objectContaining({ name: chat, from: "pulled", bytes: read("tiny-chat/tiny-chat.gguf").length, revision: testRevision }),
    ]);

    expect((await ganglion("rm", chat)).stdout).toMatch(/^removed @cf.*: [\d.]+ MB are free again\n$/);
    expect(weightFiles()).toEqual([]);
    expect((await ganglion("models", "--local")).stdout).not.toContain(chat);
    expect(await failure("rm", chat)).toContain(`nothing of ${chat} is here`);
    expect(await failure("rm", "@ganglion/tiny-chat")).toContain("comes with Ganglion and stays");
    expect(await failure("rm", "nonsense")).toContain('there is no model "nonsense"');
  });

  it("forget a model that was added, and leave its file", async () => {
    const path = join(dataFolder, "mine.gguf");
    writeFileSync(path, read("tiny-chat/tiny-chat.gguf"));
    await ganglion("add", "@me/mine", path);
    expect((await ganglion("models", "--local", "@me")).stdout).toContain(path);
    expect((await ganglion("rm", "@me/mine")).stdout).toBe(`forgot @me/mine; its file stays at ${path}\n`);
    expect(existsSync(path)).toBe(true);
    expect((await ganglion("models", "@me")).stdout).not.toContain("@me/mine");
  });
});
