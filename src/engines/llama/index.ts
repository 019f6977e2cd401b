import type { Engine, ModelCard } from "../../core/index.ts";
import { createProcessEngine, type OwnSettings, type ProcessEngineOptions } from "../index.ts";
import { memoryNeedsOf } from "./memory.ts";
import { llamaSettings, type LlamaSettings } from "./settings.ts";
import { ggufOf } from "./weights.ts";

export { readGgufMetadata, type GgufMetadata } from "./gguf.ts";
export { mayUseGpuMemory } from "./memory.ts";
export type { LlamaSettings } from "./settings.ts";

export type LlamaProcessOptions = Partial<Omit<ProcessEngineOptions, "name" | "keyOf" | "needsOf" | "settings" | "ownOf">> & {
  readonly settings?: Partial<LlamaSettings>;
  readonly ownOf?: (model: ModelCard) => (OwnSettings & { readonly settings?: Partial<LlamaSettings> }) | undefined;
};

/**
 * GGUF models on llama.cpp, each in a process of its own. node-llama-cpp is loaded there and not here, which keeps the server small.
 */
export function createLlamaProcessEngine({ entry, environment, ...options }: LlamaProcessOptions = {}): Engine {
  const settings = llamaSettings(options.settings);
  return createProcessEngine({
    ...options,
    environment: { GGML_NO_BACKTRACE: "1", ...environment }, // else a crash waits for a debugger to print where it was
    name: "llama",
    entry: entry ?? new URL("./llama-process.js", import.meta.url), // beside the bundle that this becomes part of
    keyOf: (call) => ggufOf(call.model),
    // Its calls are counted, and shared among accounts, before they come to it.
    settings: { waiting: Infinity, ...options.settings } satisfies Partial<LlamaSettings>,
    needsOf: (call) => memoryNeedsOf(ggufOf(call.model), { ...settings, ...options.ownOf?.(call.model)?.settings }),
  });
}
