import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cleanEnvironment, runCommand, startTestServer, type TestServer } from "./server.ts";

const shell = promisify(execFile);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ganglion-serve-"));
  folders.push(folder);
  return folder;
}

function ask(server: TestServer, body: object, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "@ganglion/echo", ...body }),
    ...init,
  });
}

const hello = { messages: [{ role: "user", content: "one two three" }] };

describe("a first start", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it("prints account, token and the addresses to paste", () => {
    expect(server.stdout).toContain(`account id              ${server.accountId}`);
    expect(server.stdout).toContain(`API token               ${server.token} (keep it: it is not shown again)`);
    expect(server.stdout).toContain(`One API, new-api        ${server.url}\n`);
    expect(server.stdout).toContain(`OpenAI SDK              ${server.url}/v1\n`);
    expect(server.stdout).toContain(`CLOUDFLARE_API_BASE_URL=${server.url}/client/v4\n`);
  });

  it("prints two curl lines that work as they are", async () => {
    const lines = server.stdout.split("\n").filter((line) => line.startsWith("curl"));
    const [run, chat] = await Promise.all(lines.map((line) => shell("sh", ["-c", line])));
    expect(JSON.parse(run?.stdout ?? "")).toMatchObject({ success: true, errors: [] });
    expect(chat?.stdout).toMatch(/^data: \{.*"chat\.completion\.chunk"/);
    expect(chat?.stdout.trimEnd()).toMatch(/data: \[DONE\]$/);
  });

  it("writes the token nowhere else", async () => {
    await ask(server, hello);
    expect(server.stderr).not.toContain(server.token);
    for (const file of ["ganglion.db", "ganglion.db-wal", "server.json"]) {
      const path = join(server.dataFolder, file);
      if (existsSync(path)) expect(readFileSync(path).includes(server.token)).toBe(false);
    }
  });

  it("logs a line of JSON per request where no terminal reads it, without what was said", async () => {
    const response = await ask(server, { messages: [{ role: "user", content: "a-secret-prompt" }] });
    await response.text();
    const id = response.headers.get("x-request-id");
    const line = await vi.waitFor(() => {
      const found = server.stderr.split("\n").find((text) => id !== null && text.includes(id));
      expect(found).toBeDefined();
      return found ?? "";
    });
    expect(JSON.parse(line)).toMatchObject({
      level: "INFO",
      method: "POST",
      route: "/v1/chat/completions",
      status: 200,
      accountId: server.accountId,
    });
    expect(server.stderr).not.toContain("a-secret-prompt");
  });

  it("tells a health check that it serves, and nothing more", async () => {
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: "ok" });
  });

  it("gives a page that rebinds its name to this address no more than anyone without a token", async () => {
    const reply = await raw(
      server,
      "GET /v1/models HTTP/1.1\r\nHost: attacker.example\r\nOrigin: http://attacker.example\r\nConnection: close\r\n\r\n",
    );
    expect(reply).toMatch(/^HTTP\/1\.1 401 /);
  });

  it("decides by the path that was asked for, whatever the Host header says", async () => {
    for (const host of ["x/health#", "x/health?", "user:pass@x", "a b", "[::1", "x\\health"]) {
      const reply = await raw(server, `GET /v1/models HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(reply).toMatch(/^HTTP\/1\.1 40[01] /);
    }
  });

  it("answers who may not upload before the whole upload has come", async () => {
    const response = await ask(server, {}, { headers: { authorization: "Bearer wrong-token" }, body: "x".repeat(8_000_000) });
    expect(response.status).toBe(401);
  });

  it("takes requests up to the limit and says where it is", async () => {
    const response = await ask(server, { messages: [{ role: "user", content: "x".repeat(33_000_000) }] });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("32 MB") } });
  });
});

describe("a second start", () => {
  it("keeps account, token and usage, and does not print the token", async () => {
    const dataFolder = temporaryFolder();
    const first = await startTestServer({ dataFolder });
    await (await ask(first, hello)).text();
    await first.stop();

    const second = await startTestServer({ dataFolder, token: first.token });
    expect(second.accountId).toBe(first.accountId);
    expect(second.stdout).not.toContain(first.token);
    expect(second.stdout).toMatch(/`node \S*ganglion\.js tokens create` makes another/);
    const usage = await fetch(`${second.url}/client/v4/accounts/${second.accountId}/ai/usage`, {
      headers: { authorization: `Bearer ${second.token}` },
    });
    expect(await usage.json()).toMatchObject({ result: { requests: 1, models: [{ model: "@ganglion/echo", requests: 1 }] } });
    await second.stop();
  });

  it("takes another token that is set beside the old one, and says that an account id comes too late", async () => {
    const dataFolder = temporaryFolder();
    const first = await startTestServer({ dataFolder });
    await first.stop();
    const environment = { GANGLION_TOKEN: "another-token", GANGLION_ACCOUNT_ID: "0".repeat(32) };
    for (const _ of ["first time", "second time"]) {
      const next = await startTestServer({ dataFolder, environment });
      expect(next.stderr).toContain("GANGLION_ACCOUNT_ID");
      expect(next.stdout).toContain("the one in GANGLION_TOKEN");
      expect((await ask(next, hello)).status).toBe(200);
      expect((await ask({ ...next, token: first.token }, hello)).status).toBe(200);
      await next.stop();
    }
    const { stdout } = await runCommand(["tokens", "list", "--json"], { dataFolder });
    expect(JSON.parse(stdout)).toMatchObject([{ name: "first" }, { name: "GANGLION_TOKEN" }]);
  });

  it("does not take a token that was revoked", async () => {
    const dataFolder = temporaryFolder();
    const environment = { GANGLION_TOKEN: "chosen-token-1", GANGLION_PORT: "0" };
    await (await startTestServer({ dataFolder, environment })).stop();
    const { stdout } = await runCommand(["tokens", "list", "--json"], { dataFolder });
    await runCommand(["tokens", "revoke", (JSON.parse(stdout) as { id: string }[])[0]?.id ?? ""], { dataFolder });
    const { code, stderr } = await runCommand(["serve"], { dataFolder, environment });
    expect(code).toBe(1);
    expect(stderr).toBe("ganglion: GANGLION_TOKEN is a token that was revoked here: set another one, or none\n");
  });

  it("puts the first account on the plan that is set, and leaves it there", async () => {
    const dataFolder = temporaryFolder();
    const first = await startTestServer({ dataFolder });
    const { token } = first;
    const tooDear = { ...hello, max_tokens: 1_000_000 };
    expect((await ask(first, tooDear)).status).toBe(200);
    await first.stop();
    for (const environment of [{ GANGLION_PLAN: "free" }, {}]) {
      const next = await startTestServer({ dataFolder, environment, token });
      expect((await ask(next, tooDear)).status).toBe(429);
      await next.stop();
    }
  });
});

describe("a start with a chosen account, token and plan", () => {
  it("takes them, does not print the token, and refuses past the plan", async () => {
    const environment = { GANGLION_TOKEN: "chosen-token-1", GANGLION_ACCOUNT_ID: "a".repeat(32), GANGLION_PLAN: "free" };
    const server = await startTestServer({ environment });
    expect(server.accountId).toBe("a".repeat(32));
    expect(server.stdout).not.toContain("chosen-token-1");
    expect((await ask(server, hello)).status).toBe(200);
    const tooDear = await ask(server, { ...hello, max_tokens: 1_000_000 });
    expect(tooDear.status).toBe(429);
    expect(tooDear.headers.get("x-should-retry")).toBe("false");
    await server.stop();
  });
});

describe("what cannot start", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  async function failsWith(pattern: RegExp, environment: Record<string, string>, dataFolder = temporaryFolder()): Promise<void> {
    const { code, stdout, stderr } = await runCommand(["serve"], { dataFolder, environment: { GANGLION_PORT: "0", ...environment } });
    expect(stderr).toMatch(pattern);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  }

  it("names a port that is in use", async () => {
    const { port } = new URL(server.url);
    await failsWith(new RegExp(`port ${port} is in use`), { GANGLION_PORT: port });
  });

  it("makes no token, so that the start that works shows one", async () => {
    const dataFolder = temporaryFolder();
    const { port } = new URL(server.url);
    await failsWith(/is in use/, { GANGLION_PORT: port }, dataFolder);
    const started = await startTestServer({ dataFolder }); // throws where it prints no token
    expect((await ask(started, hello)).status).toBe(200);
    await started.stop();
  });

  it("names a data folder that another server uses", async () => {
    await failsWith(/another server is using/, {}, server.dataFolder);
  });

  it("names a database whose folder another server uses", async () => {
    await failsWith(/another server is using/, { GANGLION_DATABASE: `file:${server.dataFolder}/ganglion.db` });
  });

  it("names a data folder that cannot be one", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    await failsWith(/cannot be made/, {}, file);
    await failsWith(/cannot be made/, {}, join(file, "below", "it"));
    await failsWith(/cannot be made/, {}, "/proc/x/y"); // on a system without it: a folder that needs more rights
  });

  it.each(["GANGLION_CAPTION_MODEL", "GANGLION_DETECTION_MODEL", "GANGLION_MODERATION_MODEL"])(
    "names a model in %s that there is not",
    async (variable) => {
      await failsWith(new RegExp(`${variable}\\) names "nosuch", and there is no such model`), { [variable]: "nosuch" });
    },
  );

  it("names a broken setting, an unknown one, and never a secret", async () => {
    await failsWith(/GANGLION_PORT must be a port from 0 to 65535, not "many"/, { GANGLION_PORT: "many" });
    await failsWith(/there is no setting GANGLION_POTR/, { GANGLION_POTR: "1" });
    await failsWith(/GANGLION_TOKEN must be 8 to 256 printable ASCII characters without spaces$/m, { GANGLION_TOKEN: "x y z secret" });
    await failsWith(/GANGLION_TOKEN must be/, { GANGLION_TOKEN: "" });
  });

  it("is a server that other machines reach while it has no token", async () => {
    await failsWith(/0\.0\.0\.0 is open to other machines/, { GANGLION_HOST: "0.0.0.0" });
    const open = await startTestServer({ environment: { GANGLION_HOST: "0.0.0.0", GANGLION_TOKEN: "chosen-token-1" } });
    expect(open.stdout).toMatch(/Open to the network(: other machines reach it at http:\/\/\S+)?; what they send is not encrypted/);
    expect(await open.stop()).toBe(0);
    expect(server.stdout).not.toContain("Open to the network");
  });

  it("is a server on a database that a newer version made", async () => {
    const dataFolder = temporaryFolder();
    const first = await startTestServer({ dataFolder });
    await first.stop();
    const { openSqliteDatabase } = await import("../src/stores/sqlite/index.ts");
    const database = await openSqliteDatabase(join(dataFolder, "ganglion.db"));
    await database.query("INSERT INTO migrations (version, name, at) VALUES (?, ?, ?)", [1_000, "from the future", 0]);
    await database.close();
    await failsWith(/newer Ganglion/, {}, dataFolder);
  });
});

describe("an end", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("by %s lets a running answer come to its end, books it, and exits with 0", async (signal) => {
    const dataFolder = temporaryFolder();
    const server = await startTestServer({ dataFolder });
    const response = await ask(server, { ...hello, stream: true });
    server.signal(signal);
    expect((await response.text()).trimEnd()).toMatch(/data: \[DONE\]$/);
    expect(await server.exited).toBe(0);
    const { stdout } = await runCommand(["usage", "--json"], { dataFolder });
    expect(JSON.parse(stdout)).toMatchObject({ requests: 1 });
  });

  it("does not wait for connections that only wait", async () => {
    const server = await startTestServer();
    const idle = connect(Number(new URL(server.url).port), "127.0.0.1");
    await new Promise((resolve) => idle.once("connect", resolve));
    await (await ask(server, hello)).text();
    expect(await server.stop()).toBe(0);
    idle.destroy();
  });

  it("leaves the folder to the next server even after kill -9", async () => {
    const dataFolder = temporaryFolder();
    const first = await startTestServer({ dataFolder });
    first.signal("SIGKILL");
    expect(await first.exited).toBe("SIGKILL");
    const second = await startTestServer({ dataFolder, token: first.token });
    expect((await ask(second, hello)).status).toBe(200);
    await second.stop();
  });

  it("comes with npm start, too: Ctrl-C reaches the server, and npm calls it no failure", async () => {
    const dataFolder = temporaryFolder();
    const child = spawn("npm", ["start"], {
      cwd: new URL("..", import.meta.url),
      env: cleanEnvironment({ GANGLION_DATA: dataFolder, GANGLION_PORT: "0" }),
      detached: true, // a process group of its own, as a terminal makes one
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = new Promise((resolve) => child.on("close", resolve));
    await vi.waitFor(() => expect(stdout).toContain("Try it:"), { timeout: 20_000 });
    process.kill(-(child.pid ?? 0), "SIGINT");
    await ended;
    expect(stderr).toContain('"closed"');
    expect(stderr).not.toContain("npm error");
  });
});

/** Sends bytes as they are and returns what comes until the server closes. */
function raw(server: TestServer, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    let reply = "";
    socket.setEncoding("utf8").on("data", (text: string) => (reply += text));
    socket.on("close", () => resolve(reply)).on("error", reject);
    socket.write(bytes);
  });
}
