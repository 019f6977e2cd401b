// Bundles the benchmarks into a folder of their own, so that dist/ is left alone, runs them there, and removes what they made.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const folder = mkdtempSync(join(process.cwd(), ".cache-bench-"));
process.on("SIGINT", () => {}); // the bench gets it too; what it leaves is removed below
try {
  await build({
    entryPoints: {
      main: "bench/main.ts",
      ganglion: "src/node/main.ts",
      "our-server": "bench/chat/our-server.ts",
      "bare-server": "bench/chat/bare-server.ts",
      load: "bench/chat/load.ts",
      writers: "bench/ledger/writers.ts",
      "our-generator": "bench/llama/our-generator.ts",
      "bare-generator": "bench/llama/bare-generator.ts",
      "measured-llama": "bench/llama/llama-process.ts",
      "our-embedder": "bench/onnx/our-embedder.ts",
      "bare-embedder": "bench/onnx/bare-embedder.ts",
      "measured-onnx": "bench/onnx/onnx-process.ts",
      "our-looker": "bench/pictures/our-looker.ts",
      "bare-looker": "bench/pictures/bare-looker.ts",
      "our-task": "bench/tasks/our-task.ts",
      "bare-reading": "bench/tasks/bare-reading.ts",
      "bare-sessions": "bench/tasks/bare-sessions.ts",
      "bare-flite": "bench/tasks/bare-flite.ts",
      "measured-flite": "bench/tasks/flite-process.ts",
      "our-index": "bench/vectors/our-index.ts",
      "bare-scan": "bench/vectors/bare-scan.ts",
      "bare-load": "bench/footprint/bare-load.ts",
      "sqlite-thread": "src/stores/sqlite/thread.ts",
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
  const work = join(folder, "work");
  mkdirSync(work);
  const child = spawn(process.execPath, [join(folder, "main.js"), "--folder", work, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
