import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfiguration } from "./configuration.ts";
import { createLog } from "./log.ts";
import { startServer } from "./serve.ts";

// A server for the development tool that started this process (binding/tools/start-ganglion.ts), for as long as that one lives: on a
// free port, with the built-in models for all others, in a folder that goes with it.

const data = mkdtempSync(join(tmpdir(), "ganglion-dev-"));
const end = (code: number) => {
  rmSync(data, { recursive: true, force: true });
  process.exit(code);
};
// Ctrl-C reaches the whole group of processes; the tool decides what it means.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => end(0));

try {
  const flags = { host: "127.0.0.1", port: 0, data, database: `file:${join(data, "ganglion.db")}`, standIns: true, logLevel: "error" };
  const configuration = readConfiguration({ flags, environment: process.env, folder: process.cwd() });
  const server = await startServer(configuration, createLog(configuration));
  process.on("disconnect", () => void server.close(0).finally(() => end(0)));
  process.send?.({ url: server.url, token: server.newToken });
} catch (thrown) {
  process.stderr.write(`ganglion: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  end(1);
}
