import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ganglionBindings, namedServer, type WorkerConfig } from "../../binding/tools/index.ts";
import { Problem } from "../../core/index.ts";

export interface DevOptions {
  /** Wrangler's configuration file; absent: the one that wrangler finds. */
  readonly config?: string;
  readonly env?: string;
  readonly port?: number;
  readonly ip?: string;
}

/** As much of wrangler's API as is called. Source: cloudflare/workers-sdk, packages/wrangler/src/api, seen 2026-11. */
interface Wrangler {
  unstable_readConfig(where: { config: string | undefined; env: string | undefined }): WranglerConfig;
  unstable_startWorker(input: object): Promise<{ readonly ready: Promise<unknown>; dispose(): Promise<void> }>;
}

interface WranglerConfig extends Pick<WorkerConfig, "ai" | "vectorize"> {
  readonly configPath?: string | undefined;
  readonly dev: { readonly port?: number | undefined; readonly ip?: string | undefined };
}

/**
 * `wrangler dev` with `env.AI` and Vectorize bindings answered by Ganglion, until SIGINT or SIGTERM. The project's own wrangler runs in this process, with those
 * bindings of its configuration replaced; the file stays as it is.
 */
export async function dev({ config: file, env, port, ip }: DevOptions): Promise<void> {
  const wrangler = await wranglerOf(process.cwd());
  const config = readConfig(wrangler, file, env);
  const bindings = ganglionBindings(config);
  if (Object.keys(bindings).length === 0) {
    const where = `${config.configPath ?? "the wrangler configuration"}${env === undefined ? "" : `, environment ${env},`}`;
    throw new Problem("bad-setting", `${where} has neither an AI binding nor a Vectorize one; add "ai": { "binding": "AI" }`);
  }
  await checkNamedServer();
  const worker = await wrangler.unstable_startWorker({
    config: config.configPath,
    env,
    bindings,
    dev: { server: { port: port ?? config.dev.port ?? 8787, hostname: ip ?? config.dev.ip }, remote: false },
  });
  await worker.ready;
  await interruption();
  await worker.dispose();
}

/** The plugin asks it when a Worker's first call comes, which is late to hear that it is not there. */
async function checkNamedServer(): Promise<void> {
  try {
    await namedServer();
  } catch (thrown) {
    throw new Problem("bad-setting", thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

/** Resolves at the first signal; a second one ends the process at once. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.removeAllListeners(signal); // wrangler's end the process while its bundler still works, which then prints a page of its state
      process.once(signal, () => resolve());
    }
  });
}

async function wranglerOf(folder: string): Promise<Wrangler> {
  let path: string;
  try {
    path = createRequire(join(folder, "package.json")).resolve("wrangler");
  } catch (thrown) {
    throw new Problem("bad-setting", "there is no wrangler in this project; `npm install --save-dev wrangler` brings it", {
      cause: thrown,
    });
  }
  const loaded: unknown = await import(pathToFileURL(path).href);
  const missing = ["unstable_readConfig", "unstable_startWorker"].find((name) => typeof Reflect.get(Object(loaded), name) !== "function");
  if (missing !== undefined) throw new Problem("bad-setting", `this project's wrangler has no ${missing}; a newer version 4 has it`);
  return loaded as Wrangler; // it has what is called
}

function readConfig(wrangler: Wrangler, config: string | undefined, env: string | undefined): WranglerConfig {
  try {
    return wrangler.unstable_readConfig({ config, env });
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown); // written for people, and about their own file
    throw new Problem("bad-setting", said, { cause: thrown });
  }
}
