import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startOurs } from "../chat/chat.ts";
import type { LoadCommands } from "../chat/load.ts";
import { startPeer } from "../peer.ts";
import type { Row, Suite, SuiteOptions } from "../suite.ts";

const megabyte = 1e6;
const streams = 1_000;

/** Resident memory of a server that nobody uses, and what each thousand of open streams adds. */
export const memory: Suite = async (options) => {
  const idle: number[] = [];
  const opened: number[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    options.progress(`memory: round ${round} of ${options.rounds}`);
    if (existsSync("/proc/self/status")) idle.push(await idleServer(options));
    opened.push(await openStreams(options));
  }
  const rows: Row[] = [
    { of: "idle server, no model", what: "resident memory", unit: "MB", rounds: idle, target: { most: 120 } },
    { of: "1,000 open streams", what: "resident memory added", unit: "MB", rounds: opened },
  ];
  return { rows: rows.filter(({ rounds }) => rounds.length > 0) };
};

/** As `npm start` runs it: the same bundle, with source maps. */
async function idleServer({ folder, quick }: SuiteOptions): Promise<number> {
  const data = mkdtempSync(join(folder, "idle-"));
  const program = fileURLToPath(new URL("./ganglion.js", import.meta.url));
  const child = spawn(process.execPath, ["--enable-source-maps", program, "serve"], {
    cwd: data,
    env: { PATH: process.env["PATH"], GANGLION_DATA: data, GANGLION_PORT: "0" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  await Promise.race([new Promise((resolve) => child.stdout.once("data", resolve)), exited]);
  await setTimeout(quick ? 100 : 3_000);
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
  child.kill();
  await exited;
  return (Number(kilobytes) * 1024) / megabyte;
}

/** Streams that have begun and wait for their first word. */
async function openStreams({ folder, quick, profile }: SuiteOptions): Promise<number> {
  const count = quick ? 50 : streams;
  const load = await startPeer<LoadCommands>("load.js", undefined);
  const server = await startOurs({ folder, profile, ledger: "durable", pause: 3_600_000 });
  const target = server.target(true);
  const round = async () => {
    await load.ask("openStreams", { ...target, streams: count });
    await setTimeout(500);
    const { rss } = await server.peer.usage();
    await load.ask("closeStreams");
    await server.peer.ask("rest");
    return rss;
  };
  // A first few, so that what is compiled and allocated once does not count.
  await load.ask("openStreams", { ...target, streams: 20 });
  await load.ask("closeStreams");
  await server.peer.ask("rest");
  const before = (await server.peer.usage()).rss;
  const added = (await round()) - before;
  await server.peer.end();
  await load.end();
  return ((added / megabyte) * streams) / count;
}
