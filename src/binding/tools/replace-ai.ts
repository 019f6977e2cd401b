import { fileURLToPath } from "node:url";

/** A binding that our Miniflare plugin makes. By its path it is found wherever Miniflare itself is installed. */
const dev = { plugin: { package: fileURLToPath(new URL("./miniflare.js", import.meta.url)), name: "ganglion" } } as const;

/** As much of a wrangler configuration as is looked at. */
interface WorkerConfig {
  ai?: { readonly binding: string } | undefined;
  unsafe?: { readonly bindings?: readonly unknown[] | undefined } | undefined;
}

/**
 * For `@cloudflare/vite-plugin`: `cloudflare({ config: ganglion })` has `env.AI` answered by Ganglion, and wrangler.jsonc stays as it is.
 */
export function ganglion(config: WorkerConfig): void {
  if (!config.ai) return;
  const { binding } = config.ai;
  delete config.ai;
  config.unsafe = { ...config.unsafe, bindings: [...(config.unsafe?.bindings ?? []), { name: binding, type: "ai", dev }] };
}

/** For wrangler's `unstable_startWorker`, whose bindings replace those of the configuration file. */
export function ganglionBinding(binding: string): Record<string, object> {
  return { [binding]: { type: "unsafe_ai", dev } };
}
