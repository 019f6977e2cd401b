import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The server as people start it, in a process of its own. */
export interface StartedServer {
  readonly url: string;
  readonly token: string;
  readonly accountId: string;
  /** Of the server's process. */
  readonly pid: number;
  /** Processes that it has started now. */
  children(): number[];
  /** Runs a command of ours beside it. */
  command(...words: readonly string[]): void;
  end(): Promise<void>;
}

const token = "a-token-of-the-bench-that-is-long-enough";

/**
 * As `npm start` runs it: the same bundle, with source maps.
 *
 * @param folder where its data are made
 */
export async function startServer(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<StartedServer> {
  if (!existsSync("dist/onnx-process.js"))
    throw new Error("models run in processes of dist/, which is not there: `npm run build` makes it");
  const data = mkdtempSync(join(folder, "server-"));
  const program = fileURLToPath(new URL("./ganglion.js", import.meta.url));
  const child = spawn(process.execPath, ["--enable-source-maps", program, "serve"], {
    cwd: data,
    env: { PATH: process.env["PATH"], GANGLION_DATA: data, GANGLION_PORT: "0", GANGLION_TOKEN: token, ...environment },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let said = "";
  const [url, accountId] = await new Promise<[string, string]>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, address] = /listens on (http:\S+?),/.exec(said) ?? [];
      const [, account] = /account id +([0-9a-f]{32})/.exec(said) ?? [];
      if (address !== undefined && account !== undefined) resolve([address, account]);
    });
    void exited.then(() => reject(new Error(`the server ended: ${said}`)));
  });
  const pid = child.pid ?? 0;
  return {
    url,
    token,
    accountId,
    pid,
    children() {
      const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
      return pids === "" ? [] : pids.split(" ").map(Number);
    },
    command(...words) {
      const env = { PATH: process.env["PATH"], GANGLION_DATA: data };
      const { status, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: data, env, encoding: "utf8" });
      if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
    },
    async end() {
      child.kill();
      await exited;
    },
  };
}

/** Resident memory of a process in megabytes; 0 where it is gone. */
export function megabytesOf(pid: number): number {
  const file = `/proc/${pid}/status`;
  const [, kilobytes = "0"] = (existsSync(file) && /VmRSS:\s+(\d+) kB/.exec(readFileSync(file, "utf8"))) || [];
  return (Number(kilobytes) * 1024) / 1e6;
}
