import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { startGanglion } from "ganglion/dev";
import { defineConfig } from "vitest/config";

// Starts a server for this run, or takes the one that GANGLION_URL names.
const { remoteProxy } = await startGanglion();

export default defineConfig({
  test: { testTimeout: 30_000 }, // the first answer loads a model
  plugins: [
    cloudflareTest({
      remoteBindings: false, // or Vitest asks for a login
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: { ai: { binding: "AI", remoteProxyConnectionString: remoteProxy } },
    }),
  ],
});
