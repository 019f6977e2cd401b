// Bundles the entry points into dist/. Packages stay outside: they are installed beside it.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const entries = {
  ganglion: "src/node/main.ts",
  "llama-process": "src/engines/llama/process.ts",
  "onnx-process": "src/engines/onnx/process.ts",
  "flite-process": "src/engines/flite/process.ts",
  "document-process": "src/documents/process/process.ts",
  "sqlite-thread": "src/stores/sqlite/thread.ts",
  // What the package exports.
  ai: "src/binding/index.ts",
  dev: "src/binding/tools/start-ganglion.ts",
  miniflare: "src/binding/tools/miniflare.ts",
  vite: "src/binding/tools/replace-bindings.ts",
  "dev-server": "src/node/dev-server.ts",
};
const entryPoints = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

const { metafile } = await build({
  entryPoints,
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: true,
  metafile: true,
  logLevel: "warning",
});

// What an earlier build left behind goes after, not before: a server or a test may be starting a process from dist/ now.
for (const file of readdirSync("dist")) {
  if (file === "types") continue; // scripts/types.mjs writes them
  if (!(`dist/${file}` in metafile.outputs)) rmSync(`dist/${file}`, { recursive: true });
}
