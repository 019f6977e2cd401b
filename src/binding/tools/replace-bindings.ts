import { fileURLToPath } from "node:url";

/** Our Miniflare plugin. By its path it is found wherever Miniflare itself is installed. */
const plugin = { package: fileURLToPath(new URL("./miniflare.js", import.meta.url)), name: "ganglion" } as const;

/** As much of a wrangler configuration as is looked at. */
export interface WorkerConfig {
  ai?: { readonly binding: string } | undefined;
  vectorize?: readonly { readonly binding: string; readonly index_name: string }[] | undefined;
  unsafe?: { readonly bindings?: readonly unknown[] | undefined } | undefined;
}

/** What Ganglion answers for, of the bindings of a configuration. `type` is what wrangler's warnings call it. */
function bindingsOf({ ai, vectorize = [] }: WorkerConfig) {
  return [
    ...(ai ? [{ name: ai.binding, type: "ai", dev: { plugin } }] : []),
    ...vectorize.map(({ binding, index_name: index }) => ({ name: binding, type: "vectorize", dev: { plugin, options: { index } } })),
  ];
}

/**
 * For `@cloudflare/vite-plugin`: `cloudflare({ config: ganglion })` has `env.AI` and Vectorize bindings answered by Ganglion, and
 * wrangler.jsonc stays as it is.
 */
export function ganglion(config: WorkerConfig): void {
  const bindings = bindingsOf(config);
  if (bindings.length === 0) return;
  delete config.ai;
  delete config.vectorize;
  config.unsafe = { ...config.unsafe, bindings: [...(config.unsafe?.bindings ?? []), ...bindings] };
}

/** For wrangler's `unstable_startWorker`, whose bindings replace those of the configuration file. */
export function ganglionBindings(config: WorkerConfig): Record<string, object> {
  return Object.fromEntries(bindingsOf(config).map(({ name, type, dev }) => [name, { type: `unsafe_${type}`, dev }]));
}
