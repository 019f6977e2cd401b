import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { startGanglion } from "ganglion/dev";
import { defineConfig } from "vitest/config";

const { remoteProxy } = await startGanglion();

export default defineConfig({
  plugins: [
    cloudflareTest({
      remoteBindings: false,
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: { ai: { binding: "AI", remoteProxyConnectionString: remoteProxy } },
    }),
  ],
});
