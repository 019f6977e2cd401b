import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import type { MemoryNeeds } from "../index.ts";
import { readGgufMetadata } from "./gguf.ts";
import type { LlamaSettings } from "./settings.ts";

/** Node, llama.cpp and what they compute in. */
const processBytes = 150_000_000;
/** The library makes contexts smaller where the memory is short, down to this. */
const leastContextTokens = 512;

/** What drivers of GPUs with a memory of their own make. Apple's share the machine's. Sources: docs.nvidia.com/cuda, rocm.docs.amd.com, learn.microsoft.com/windows/wsl. */
const devices = ["/dev/nvidiactl", "/dev/kfd", "/dev/dri", "/dev/dxg"];

/** Whether models may go to the memory of a GPU: a laptop's screen has one too, which nobody computes on without llama.cpp's build for it. */
export function mayUseGpuMemory({ gpu, gpuLayers }: Pick<LlamaSettings, "gpu" | "gpuLayers">): boolean {
  if (gpu === false || gpuLayers === 0) return false;
  return (process.platform === "win32" || devices.some((device) => existsSync(device))) && gpuBuilds().length > 0;
}

/** llama.cpp's builds for GPUs that are installed, which `npm run gpu` or an installation from a registry brings. */
export function gpuBuilds(): string[] {
  const system = process.platform === "win32" ? "win" : process.platform;
  const names = ["cuda", "vulkan"].map((kind) => `@node-llama-cpp/${system}-${process.arch}-${kind}`);
  const { resolve } = createRequire(import.meta.url);
  return names.filter((name) => {
    try {
      return resolve(name) !== "";
    } catch {
      return false;
    }
  });
}

/**
 * What a GGUF takes in memory: its files and its context. Undefined where there is a GPU, for nobody knows beforehand what goes there:
 * the library looks at both memories by itself.
 *
 * @throws Problem weights-missing, or engine-failed where it is no whole GGUF: no process need start to find that out
 */
export async function memoryNeedsOf(path: string, settings: LlamaSettings): Promise<MemoryNeeds | undefined> {
  const { contextTokens, sequences } = settings;
  const { contextTokens: trained = Infinity, contextTokenBytes = 0, task } = await readGgufMetadata(path);
  if (mayUseGpuMemory(settings)) return undefined;
  const bytes = processBytes + (await bytesOf(path));
  const tokens = Math.min(contextTokens, trained);
  const contexts = task === "text-generation" ? sequences : 1;
  return {
    wanted: bytes + tokens * contexts * contextTokenBytes,
    least: bytes + Math.min(tokens, leastContextTokens) * contexts * contextTokenBytes,
  };
}

/** Of all parts, where the file is the first one of a split model: `model-00001-of-00003.gguf`. */
async function bytesOf(path: string): Promise<number> {
  const [, stem, count] = /^(.*-)\d{5}-of-(\d{5})\.gguf$/i.exec(path) ?? [];
  const parts =
    stem === undefined || count === undefined
      ? [path]
      : Array.from({ length: Number(count) }, (_, i) => `${stem}${String(i + 1).padStart(5, "0")}-of-${count}.gguf`);
  const sizes = await Promise.all(
    parts.map((part) =>
      stat(part).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
