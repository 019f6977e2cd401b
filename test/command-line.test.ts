import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanEnvironment, program, runCommand, startTestServer, type TestServer } from "./server.ts";

const tinyChat = fileURLToPath(new URL("../models/tiny-chat/tiny-chat.gguf", import.meta.url));

let dataFolder: string;
beforeAll(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "ganglion-command-"));
});
afterAll(() => rmSync(dataFolder, { recursive: true }));

type Outcome = Awaited<ReturnType<typeof runCommand>>;

function ganglion(...words: string[]): Promise<Outcome> {
  return runCommand(words, { dataFolder });
}

async function failure(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await ganglion(...words);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  return stderr;
}

describe("ganglion", () => {
  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
    expect(await ganglion("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("prints help with examples when it is asked, or when nothing is", async () => {
    const asked = await ganglion("--help");
    expect(asked.code).toBe(0);
    expect(asked.stdout).toContain("Examples:");
    expect(await ganglion()).toEqual(asked);
  });

  it("names every setting with its variable in the help of serve", async () => {
    const { stdout } = await ganglion("serve", "--help");
    for (const name of ["--port", "GANGLION_PORT", "--stand-ins", "GANGLION_STAND_INS", "ganglion.jsonc"]) expect(stdout).toContain(name);
    for (const choices of ["--plan <unlimited|free|paid>", "--retired <serve|refuse>", "--log <auto|text|json>"])
      expect(stdout).toContain(choices);
    expect(stdout).not.toContain("--token");
  });

  it.each([
    [["nonsense"]],
    [["run"]],
    [["serve", "--port", "many"]],
    [["usage", "--day", "today"]],
    [["tokens"]],
    [["models", "--nonsense"]],
  ])("ends with 2 for wrong usage, and says where help is: %j", async (words) => {
    const { code, stderr } = await ganglion(...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/`ganglion.* --help`|Usage:/);
  });

  it("says where the help of the command is that was used wrongly", async () => {
    expect((await ganglion("usage", "--day", "today")).stderr).toContain("`ganglion usage --help` shows");
    expect((await ganglion("tokens", "create", "--nonsense")).stderr).toContain("`ganglion tokens create --help` shows");
    expect((await ganglion("tokens", "nonsense")).stderr).toContain("`ganglion tokens --help` shows");
    expect((await ganglion("tokens", "--help")).stdout).toContain("Make, list and revoke API tokens.");
  });

  it.each([["usage"], ["ps"], ["tokens list"], ["tokens create"], ["accounts list"], ["stop nonsense"]])(
    "makes nothing where %s is asked of a folder that is none of ours",
    async (words) => {
      const folder = join(dataFolder, "typo");
      expect(await runCommand(words.split(" "), { dataFolder: folder })).toEqual({
        code: 1,
        stdout: "",
        stderr: `ganglion: there is no Ganglion data in ${folder}; GANGLION_DATA or --data names another folder\n`,
      });
      expect(existsSync(folder)).toBe(false);
    },
  );

  it("writes no colours where no terminal reads", async () => {
    const { stdout } = await ganglion("models");
    expect(stdout).not.toContain("\u001b");
  });
});

describe("ganglion run", () => {
  it("streams an answer of a true model, without a server and without set-up", async () => {
    expect(await ganglion("run", "@ganglion/tiny-chat", "--temperature", "0", "Hello")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Hello.*\n$/),
      stderr: "",
    });
  });

  it("reads the prompt from stdin", async () => {
    const { stdout } = await runCommand(["run", "@ganglion/echo", "-"], { dataFolder, input: "from a pipe" });
    expect(stdout).toBe("from a pipe\n");
  });

  it("takes the words of the prompt as they come", async () => {
    expect((await ganglion("run", "@ganglion/echo", "one", "two")).stdout).toBe("one two\n");
  });

  it("prints the whole reply as JSON, and heeds the limits", async () => {
    const { stdout } = await ganglion("run", "@ganglion/echo", "--json", "--max-tokens", "2", "--system", "be brief", "one two three");
    expect(JSON.parse(stdout)).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { content: "one two" }, finish_reason: "length" }],
      usage: { prompt_tokens: 5, completion_tokens: 2 },
    });
  });

  it("books what it used for the first account", async () => {
    const { stdout } = await ganglion("usage", "--json");
    expect(JSON.parse(stdout).models).toEqual(expect.arrayContaining([expect.objectContaining({ model: "@ganglion/echo", requests: 3 })]));
  });

  it("says which files a model wants and how to bring them", async () => {
    expect(await failure("run", "@cf/meta/llama-3-8b-instruct", "Hello")).toMatch(
      /weights .* are not here: it wants \S+GGUF.*`ganglion pull @cf\/meta\/llama-3-8b-instruct` brings them/,
    );
  });

  it("lets a stand-in answer where that is allowed", async () => {
    const { code, stdout } = await ganglion("run", "@cf/meta/llama-3-8b-instruct", "--stand-ins", "Hello");
    expect(code).toBe(0);
    expect(stdout).not.toBe("\n");
  });

  it("says that a model does not exist", async () => {
    expect(await failure("run", "nonsense", "Hello")).toContain('there is no model "nonsense"');
  });

  it("waits for another one that has the data folder", async () => {
    const both = await Promise.all([ganglion("run", "@ganglion/echo", "first"), ganglion("run", "@ganglion/echo", "second")]);
    expect(both.map(({ stdout }) => stdout)).toEqual(["first\n", "second\n"]);
  });
});

describe("ganglion add", () => {
  it("gives a GGUF a name under which it answers", async () => {
    expect((await ganglion("add", "@me/tiny", tinyChat)).stdout).toMatch(/^@me\/tiny: Text Generation, llama, context of 2048 tokens\n/);
    expect((await ganglion("run", "@me/tiny", "--temperature", "0", "Hello")).stdout).toMatch(/^Hello/);
    const { stdout } = await ganglion("models", "@me/tiny", "--json");
    expect(JSON.parse(stdout)).toMatchObject([
      { name: "@me/tiny", task: "Text Generation", contextTokens: 2048, origin: "local", here: "yes" },
    ]);
  });

  it("gives a folder of ONNX files a name, by what its files say that it does", async () => {
    const folder = fileURLToPath(new URL("../models/tiny-shapes/classify", import.meta.url));
    expect((await ganglion("add", "@me/shapes", folder)).stdout).toBe("@me/shapes: Image Classification, ONNX\n");
    const picture = fileURLToPath(new URL("../models/tiny-shapes/held-out/classify-00.webp", import.meta.url));
    expect((await ganglion("run", "@me/shapes", picture)).stdout).toContain("purple circle");
  });

  it("asks what the model of a folder does where its files do not say it", async () => {
    const folder = join(dataFolder, "wordless");
    mkdirSync(folder);
    expect(await failure("add", "@me/wordless", folder)).toContain("there is no .onnx file in");
    writeFileSync(join(folder, "model.onnx"), "");
    expect(await failure("add", "@me/wordless", folder)).toContain("say it with --task, such as --task text-embeddings");
    expect(await failure("add", "@me/wordless", folder, "--task", "cooking")).toContain('"cooking" is no task of ONNX models');
    expect((await ganglion("add", "@me/wordless", folder, "--task", "Object Detection")).stdout).toBe(
      "@me/wordless: Object Detection, ONNX\n",
    );
  });

  it("refuses a name that exists, a bad one, a file that is none and one that is cut short", async () => {
    const cut = join(dataFolder, "cut.gguf");
    writeFileSync(cut, readFileSync(tinyChat).subarray(0, 300_000));
    expect(await failure("add", "@me/tiny", tinyChat)).toContain("there is a model @me/tiny already");
    expect(await failure("add", "@cf/meta/llama-3-8b-instruct", tinyChat)).toContain("already");
    expect(await failure("add", "bad name", tinyChat)).toContain("is no model name");
    expect(await failure("add", "@me/none", "/nonexistent.gguf")).toContain("there is no file /nonexistent.gguf");
    expect(await failure("add", "@me/text", "package.json")).toContain("it is not a GGUF file");
    expect(await failure("add", "@me/cut", cut)).toContain("cut short");
  });
});

it.each([
  ["add", "@me/tiny", tinyChat],
  ["pull", "@cf/qwen/qwen1.5-0.5b-chat"],
  ["run", "@ganglion/echo", "Hello"],
])("says of a data folder that cannot be made that it cannot be made: %s", async (...words) => {
  for (const folder of ["/proc/x/y", join(tinyChat, "below")]) {
    const { code, stderr } = await runCommand(words, { dataFolder: folder });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^ganglion: the (data )?folder \S+ cannot be made.*GANGLION_DATA\n$/)]);
  }
});

describe("ganglion models", () => {
  it("finds by words and task, and says what runs here", async () => {
    const { stdout } = await ganglion("models", "llama-3.1", "--task", "Text Generation");
    expect(stdout).toMatch(/^MODEL +TASK +CONTEXT +RUNS HERE\n/);
    expect(stdout).toMatch(/@cf\/meta\/llama-3\.1-8b-instruct-\S+ +Text Generation +\d+ +no\n/);
    const here = await ganglion("models", "--here", "--json");
    expect(JSON.parse(here.stdout).map(({ name }: { name: string }) => name)).toContain("@ganglion/tiny-chat");
    expect(here.stdout).not.toContain("@cf/meta");
    expect((await ganglion("models", "llama-3.1", "--stand-ins")).stdout).toContain("by a stand-in");
  });

  it("says that nothing matches, and which tasks there are", async () => {
    expect(await ganglion("models", "nosuch")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining('no model matches "nosuch"') as string,
    });
    expect((await ganglion("models", "nosuch", "--json")).stdout).toBe("[]\n");
    expect(await failure("models", "--task", "nosuch")).toMatch(/there is no task "nosuch"; there are .*Text Generation/);
    expect(await failure("models", "--local", "--task", "text generatoin")).toContain('did you mean "text generation"?');
  });

  it("lists retired models when they are asked for", async () => {
    const listed = async (...words: string[]) => (JSON.parse((await ganglion("models", "--json", ...words)).stdout) as unknown[]).length;
    expect(await listed("--include-retired")).toBeGreaterThan(await listed());
  });
});

describe("ganglion beside a running server", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ dataFolder, environment: { GANGLION_LOG: "json" } });
  });
  afterAll(() => server.stop());

  async function status(token: string): Promise<number> {
    return (await fetch(`${server.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })).status;
  }

  it("runs there, and leaves no token behind", async () => {
    expect((await ganglion("run", "@ganglion/echo", "over HTTP")).stdout).toBe("over HTTP\n");
    await expect.poll(() => server.stderr).toContain("POST /v1/chat/completions 200");
    const tokens = JSON.parse((await ganglion("tokens", "list", "--all", "--json")).stdout) as { name: string }[];
    expect(tokens.map(({ name }) => name)).toEqual(["first"]);
  });

  it("makes tokens that work at once, and ends them within seconds", async () => {
    const made = await ganglion("tokens", "create", "--name", "short", "--permissions", "run,read", "--json");
    const { id, secret, permissions } = JSON.parse(made.stdout) as { id: string; secret: string; permissions: string[] };
    expect(permissions).toEqual(["run", "read"]);
    expect(await status(secret)).toBe(200);
    expect((await ganglion("tokens", "list")).stdout).toMatch(new RegExp(`${id} +short +run,read`));
    expect((await ganglion("tokens", "revoke", id)).code).toBe(0);
    await expect.poll(() => status(secret), { timeout: 10_000 }).toBe(401);
    expect((await ganglion("tokens", "list")).stdout).not.toContain(id);
    expect((await ganglion("tokens", "list", "--all")).stdout).toContain(id);
  });

  it("prints a secret, and nothing else, to stdout", async () => {
    const { stdout } = await ganglion("tokens", "create");
    expect(stdout).toMatch(/^\S{40}\n$/);
    expect(await status(stdout.trim())).toBe(200);
  });

  it("adds models that the server knows at once", async () => {
    expect((await ganglion("add", "@me/late", tinyChat)).code).toBe(0);
    const response = await fetch(`${server.url}/v1/models/@me/late`, { headers: { authorization: `Bearer ${server.token}` } });
    expect(response.status).toBe(200);
  });

  it("makes accounts that pay for themselves, each with its own plan and tokens", async () => {
    const made = await ganglion("accounts", "create", "--name", "second", "--plan", "free");
    expect(made.stdout).toMatch(/^[0-9a-f]{32}\n$/);
    const id = made.stdout.trim();
    expect((await ganglion("accounts", "list")).stdout).toMatch(new RegExp(`${server.accountId} +first +unlimited\n${id} +second +free\n`));
    const token = (await ganglion("tokens", "create", "--account", id)).stdout.trim();
    const ask = (account: string) =>
      fetch(`${server.url}/client/v4/accounts/${account}/ai/run/@ganglion/echo`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ prompt: "one two" }),
      });
    expect((await ask(id)).status).toBe(200);
    expect((await ask(server.accountId)).status).toBe(403);
    const used = async (...words: string[]) => (await ganglion("usage", "--json", ...words)).stdout;
    expect(await used("--account", id)).toContain("@ganglion/echo");
    expect(await failure("accounts", "create", "--id", id)).toContain("already");
    expect(await failure("accounts", "create", "--name", "a\u0007b")).toContain("control character");
    expect(await ganglion("accounts", "create", "--plan", "golden")).toMatchObject({ code: 2 });
    const { plan } = JSON.parse((await ganglion("accounts", "create", "--json")).stdout) as { plan: string };
    expect(plan).toBe("unlimited");
    expect(JSON.parse((await ganglion("accounts", "list", "--json")).stdout)).toHaveLength(3);
  });

  it("ends with 130 when it is interrupted, whatever the server does", async () => {
    process.kill(server.pid, "SIGSTOP");
    const child = spawn(process.execPath, [program, "run", "@ganglion/echo", "Hello"], {
      env: cleanEnvironment({ GANGLION_DATA: dataFolder }),
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
    // Made just before the question is asked; the server cannot answer it.
    const made = async () => (await ganglion("tokens", "list", "--json")).stdout;
    await expect.poll(made, { timeout: 10_000 }).toContain("ganglion run");
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    process.kill(server.pid, "SIGCONT");
  });

  it("refuses what does not exist", async () => {
    expect(await failure("tokens", "revoke", "nonsense")).toMatch(/there is no token "nonsense" of the account .*--account names another/);
    expect(await failure("tokens", "list", "--account", "nonsense")).toContain(
      "there is no account nonsense; `ganglion accounts list` shows them",
    );
  });
});
