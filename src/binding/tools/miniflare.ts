import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { forwarder } from "./forwarder.ts";
import { startGanglion } from "./start-ganglion.ts";

/**
 * Miniflare's plugins are not documented. This is what versions 4 and 5 call; test/workers/ runs it in both.
 * Source: cloudflare/workers-sdk, packages/miniflare/src/plugins/shared and .../core/unsafe, seen 2026-11.
 */

/** Miniflare 4 hands a plugin the bindings that name it; Miniflare 5 the whole worker. */
type PluginOptions =
  | readonly { readonly name: string }[]
  | { readonly config?: { readonly env?: Readonly<Record<string, { readonly dev?: { readonly plugin?: { readonly name?: string } } }>> } };

const pluginName = "ganglion";

function namesIn(options: PluginOptions): string[] {
  if ("length" in options) return options.map(({ name }) => name);
  const bindings = Object.entries(options.config?.env ?? {});
  return bindings.filter(([, { dev }]) => dev?.plugin?.name === pluginName).map(([name]) => name);
}

const serviceOf = (binding: string) => `ganglion:${binding}`;

/** workerd's own `Ai`, whose requests go to Ganglion. */
const ganglion = {
  bindingTypeDescription: "AI (Ganglion)",
  options: { parse: (options: unknown) => options, safeParse: (data: unknown) => ({ success: true, data }) },

  getBindings: async (options: PluginOptions) =>
    namesIn(options).map((name) => ({
      name,
      wrapped: {
        moduleName: "cloudflare-internal:ai-api",
        innerBindings: [{ name: "fetcher", service: { name: serviceOf(name) } }],
      },
    })),

  getNodeBindings: async (options: PluginOptions) => Object.fromEntries(namesIn(options).map((name) => [name, nodeBinding()])),

  async getServices({ options }: { readonly options: PluginOptions }) {
    const names = namesIn(options);
    if (names.length === 0) return [];
    const { url, token } = await startGanglion();
    return names.map((name) => ({
      name: serviceOf(name),
      worker: {
        compatibilityDate: "2026-04-01",
        modules: [{ name: "forwarder.mjs", esModule: forwarder }],
        bindings: [
          { name: "BASE", text: url },
          { name: "TOKEN", text: token },
        ],
      },
    }));
  },
};

/** What Miniflare looks for in a plugin's module. */
export const plugins = { [pluginName]: ganglion };

/** Miniflare knows a binding that Node may reach by its own class, so it is taken from the Miniflare that runs here. */
function nodeBinding(): unknown {
  const from = [process.argv[1], import.meta.filename, `${process.cwd()}/wrangler.jsonc`];
  for (const file of from) {
    try {
      const { ProxyNodeBinding } = createRequire(pathToFileURL(file ?? ""))("miniflare") as { ProxyNodeBinding: new () => unknown }; // exported by 4 and 5
      return new ProxyNodeBinding();
    } catch {
      // not installed beside this one
    }
  }
  return undefined;
}
