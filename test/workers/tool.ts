import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClientFolder } from "../clients/programs.ts";

/** A user's project in a folder of its own, with the packages of a client folder and this one installed. */
export interface Project {
  readonly path: string;
  remove(): void;
}

/** @param source the folder that it is a copy of */
export function createProject({ path: folder }: ClientFolder, source = join(import.meta.dirname, "project")): Project {
  const path = mkdtempSync(join(tmpdir(), "ganglion-project-"));
  cpSync(source, path, { recursive: true });
  const packages = join(folder, "node_modules");
  symlinkSync(packages, join(path, "node_modules"), "dir");
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Tool {
  /** What it has written so far. */
  readonly output: string;
  readonly ended: Promise<Ended>;
  /** Resolves when it has written what fits; rejects when it ends before. */
  says(pattern: RegExp): Promise<void>;
  /** As Ctrl-C in its terminal. */
  interrupt(): Promise<Ended>;
}

/** The compiler's complaints about a project, with its own settings. */
export async function complaintsOf(project: Project): Promise<string> {
  const compiler = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
  return (await startTool(process.execPath, [compiler, "-p", "."], project).ended).output;
}

/** A program that nobody has logged in to. */
export function startTool(
  node: string,
  words: readonly string[],
  project: Project,
  environment: Readonly<Record<string, string>> = {},
): Tool {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(CLOUDFLARE_|CF_|WRANGLER_|GANGLION_|VITEST|NODE_|FORCE_COLOR$)/.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    HOME: project.path,
    CI: "1",
    NO_COLOR: "1",
    WRANGLER_SEND_METRICS: "false",
    ...environment,
  };
  const child: ChildProcess = spawn(node, words, { cwd: project.path, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const heard: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const look of heard) look();
    });
  }
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, output })));
  return {
    get output() {
      return output;
    },
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(output) && resolve();
        heard.push(look);
        look();
        void ended.then(({ code }) => reject(new Error(`${words.join(" ")} ended with ${code}: ${output}`)));
      }),
    interrupt() {
      child.kill("SIGINT");
      return ended;
    },
  };
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
