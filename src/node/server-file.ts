import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const serverFile = z.object({ url: z.string(), pid: z.int() });

/** Where the server of a data folder listens, for the command line. Only believed while the folder's lock is held. */
export type RunningServer = z.output<typeof serverFile>;

export function writeServerFile(dataFolder: string, server: RunningServer): void {
  writeFileSync(pathIn(dataFolder), `${JSON.stringify(server)}\n`, { mode: 0o600 });
}

export function removeServerFile(dataFolder: string): void {
  rmSync(pathIn(dataFolder), { force: true });
}

export function readServerFile(dataFolder: string): RunningServer | undefined {
  try {
    return serverFile.parse(JSON.parse(readFileSync(pathIn(dataFolder), "utf8")));
  } catch {
    return undefined; // it is just starting, or just ending
  }
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, "server.json");
}
