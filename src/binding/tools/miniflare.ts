import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { forwarder } from "./forwarder.ts";
import { startGanglion } from "./start-ganglion.ts";

/**
 * Miniflare's plugins are not documented. This is what versions 4 and 5 call; test/workers/ runs it in both.
 * Source: cloudflare/workers-sdk, packages/miniflare/src/plugins/shared and .../core/unsafe, seen 2026-11.
 */

/** `index` makes it a Vectorize binding, of that index; without it is an AI binding. */
interface BindingOptions {
  readonly index?: string;
}

/** Miniflare 4 hands a plugin the bindings that name it; Miniflare 5 the whole worker. */
type PluginOptions =
  | readonly { readonly name: string; readonly options?: BindingOptions }[]
  | {
      readonly config?: {
        readonly env?: Readonly<
          Record<string, { readonly dev?: { readonly plugin?: { readonly name?: string }; readonly options?: BindingOptions } }>
        >;
      };
    };

const pluginName = "ganglion";

interface Binding {
  readonly name: string;
  readonly index: string | undefined;
}

function bindingsIn(options: PluginOptions): Binding[] {
  if ("length" in options) return options.map((binding) => ({ name: binding.name, index: binding.options?.index }));
  const bindings = Object.entries(options.config?.env ?? {});
  return bindings
    .filter(([, { dev }]) => dev?.plugin?.name === pluginName)
    .map(([name, { dev }]) => ({ name, index: dev?.options?.index }));
}

const serviceOf = ({ name }: Binding) => `ganglion:${name}`;

/** workerd's own `Ai` or `Vectorize`, whose requests go to Ganglion. */
function wrapped(binding: Binding): object {
  const fetcher = { name: "fetcher", service: { name: serviceOf(binding) } };
  if (binding.index === undefined) return { moduleName: "cloudflare-internal:ai-api", innerBindings: [fetcher] };
  const words = [
    { name: "indexId", text: binding.index },
    { name: "indexVersion", text: "v2" },
    { name: "useNdJson", json: "true" },
  ];
  return { moduleName: "cloudflare-internal:vectorize-api", innerBindings: [fetcher, ...words] };
}

const ganglion = {
  bindingTypeDescription: "Ganglion",
  options: { parse: (options: unknown) => options, safeParse: (data: unknown) => ({ success: true, data }) },

  getBindings: async (options: PluginOptions) => bindingsIn(options).map((binding) => ({ name: binding.name, wrapped: wrapped(binding) })),

  getNodeBindings: async (options: PluginOptions) => Object.fromEntries(bindingsIn(options).map(({ name }) => [name, nodeBinding()])),

  async getServices({ options }: { readonly options: PluginOptions }) {
    const bindings = bindingsIn(options);
    if (bindings.length === 0) return [];
    const { url, token } = await startGanglion();
    return bindings.map((binding) => ({
      name: serviceOf(binding),
      worker: {
        compatibilityDate: "2026-04-01",
        modules: [{ name: "forwarder.mjs", esModule: forwarder }],
        bindings: [
          { name: "BASE", text: binding.index === undefined ? url : `${url}/vectorize/${encodeURIComponent(binding.index)}` },
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
