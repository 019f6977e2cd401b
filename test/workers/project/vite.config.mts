import { cloudflare } from "@cloudflare/vite-plugin";
import { ganglion } from "ganglion/vite";
import { defineConfig } from "vite";

export default defineConfig({ plugins: [cloudflare({ config: ganglion })] });
