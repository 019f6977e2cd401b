import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type ClientFolder, clientFolder, install } from "../clients/programs.ts";

/** Whether the long tests run, too. */
export const wholeRun = process.env["GANGLION_SOAK"] !== undefined;
const later = "only in the long tests, for it installs hundreds of megabytes";

/** The newest wrangler. */
export const wrangler = clientFolder("../workers/node24", 22);
/** The newest plugins of Vite and Vitest, on the same Node. */
export const plugins: ClientFolder = { ...clientFolder("../workers/node24-plugins", 22), node: wrangler.node };
/** The last one that asks ai/run/proxy. */
export const oldWrangler = clientFolder("../workers/wrangler-4.35", 20);

/** Why a folder's packages cannot be tried; undefined: they are installed. */
export function absent(folder: ClientFolder): string | undefined {
  if (folder !== wrangler && !wholeRun) return later;
  const reason = oneAtATime(folder, () => {
    const found = folder === plugins ? (absent(wrangler) ?? install(folder)) : install(folder);
    if (found === undefined) linkThisPackage(folder);
    return found;
  });
  if (reason !== undefined) console.warn(`${folder.path} is not tried: ${reason}`);
  return reason;
}

/** As `npm install ../ganglion` does. */
function linkThisPackage({ path }: ClientFolder): void {
  const link = join(path, "node_modules/ganglion");
  if (!existsSync(link)) symlinkSync(join(import.meta.dirname, "../.."), link, "dir");
}

/** Test files run beside each other, and two installations of one folder would be in each other's way. */
function oneAtATime<T>({ path }: ClientFolder, work: () => T): T {
  const lock = join(path, ".installing");
  const patience = Date.now() + 300_000; // a run that was killed may have left it
  while (!take(lock) && Date.now() < patience) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
