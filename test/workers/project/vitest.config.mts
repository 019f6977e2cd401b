import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { startGanglion } from "ganglion/dev";
import { defineConfig } from "vitest/config";

const { remoteProxyWith } = await startGanglion();
const remoteProxyConnectionString = remoteProxyWith({ VECTORIZE: "checks" });

export default defineConfig({
  test: { testTimeout: 30_000 }, // the first answer loads a model
  plugins: [
    cloudflareTest({
      remoteBindings: false,
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: {
        ai: { binding: "AI", remoteProxyConnectionString },
        vectorize: { VECTORIZE: { index_name: "checks", remoteProxyConnectionString } },
      },
    }),
  ],
});
