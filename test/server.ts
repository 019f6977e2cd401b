import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The server as people start it: `dist/ganglion.js serve` in a process of its own. */
export interface TestServer {
  readonly pid: number;
  /** `http://127.0.0.1:PORT`, on a free port. */
  readonly url: string;
  readonly accountId: string;
  readonly token: string;
  readonly dataFolder: string;
  /** What it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with the exit code, or the signal that killed it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as Ctrl-C does, if it still runs, and removes the data folder unless it was given. */
  stop(): Promise<number | NodeJS.Signals>;
}

export interface TestServerOptions {
  /** `{ GANGLION_PLAN: "free" }`; settings of the shell that runs the tests do not count. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** Kept when the server stops, so that another one can be started on it. Absent: a new one, removed in the end. */
  readonly dataFolder?: string;
  /** Of an earlier server on the same data folder: a token is shown only once. */
  readonly token?: string;
}

/** The built program. */
export const program = fileURLToPath(new URL("../dist/ganglion.js", import.meta.url));

/** Starts a server and waits until it answers. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "ganglion-test-"));
  const environment: Record<string, string> = { GANGLION_PORT: "0", ...options.environment };
  const child = spawn(process.execPath, ["--enable-source-maps", program, "serve", ...(options.flags ?? [])], {
    cwd: dataFolder,
    env: cleanEnvironment({ GANGLION_DATA: dataFolder, ...environment }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on("close", (code, signal) => resolve(signal ?? code ?? -1));
  });
  const removeFolder = () => {
    if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
  };

  const started = await Promise.race([greeted(() => stdout), exited]);
  if (started !== "greeted") {
    removeFolder();
    throw new Error(`the server ended with ${started} before it served: ${stderr}`);
  }
  const url = found(/listens on (http:\S+?),/, stdout);
  await fetch(`${url}/health`);
  return {
    pid: child.pid ?? 0,
    url,
    accountId: found(/account id +([0-9a-f]{32})/, stdout),
    token: options.token ?? environment["GANGLION_TOKEN"] ?? found(/API token +(\S{40}) /, stdout),
    dataFolder,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    exited,
    signal: (signal) => child.kill(signal),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
      const how = await exited;
      removeFolder();
      return how;
    },
  };
}

/** Runs one command of the program to its end. */
export function runCommand(
  words: readonly string[],
  options: { dataFolder: string; folder?: string; environment?: Readonly<Record<string, string>>; input?: string | Uint8Array },
): Promise<{ code: number | NodeJS.Signals; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...words], {
      ...(options.folder !== undefined && { cwd: options.folder }),
      env: cleanEnvironment({ GANGLION_DATA: options.dataFolder, ...options.environment }),
      stdio: "pipe",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("close", (code, signal) => resolve({ code: signal ?? code ?? -1, stdout, stderr }));
    child.stdin.end(options.input ?? "");
  });
}

/** The environment of the tests without what would change the server's settings. */
export function cleanEnvironment(environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(GANGLION_|HF_|NODE_OPTIONS$|VITEST|FORCE_COLOR$)/.test(name));
  // What whoever runs the tests has fetched with other programs is not here, and nothing is fetched but from a test's own hub.
  const hub = { HF_HUB_CACHE: "/nowhere", HF_ENDPOINT: "http://127.0.0.1:9" };
  return { ...Object.fromEntries(inherited), ...hub, GANGLION_THREADS: "1", ...environment };
}

async function greeted(stdout: () => string): Promise<"greeted"> {
  while (!stdout().includes("Try it:")) await new Promise((resolve) => setTimeout(resolve, 20));
  return "greeted";
}

function found(pattern: RegExp, text: string): string {
  const [, part] = pattern.exec(text) ?? [];
  if (part === undefined) throw new Error(`the server did not print ${pattern}: ${text}`);
  return part;
}
