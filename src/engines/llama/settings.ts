import { cpus } from "node:os";

/** How llama.cpp runs models. */
export interface LlamaSettings {
  /** `auto` takes a GPU that llama.cpp finds; false computes on the CPU. */
  readonly gpu: "auto" | false;
  /** Layers of each model that go to the GPU; `auto` takes as many as its memory has room for, and 0 leaves the GPU alone. */
  readonly gpuLayers: "auto" | number;
  /** Never all cores: threads of llama.cpp wait for each other by spinning, and one that has no core stops them all. */
  readonly threads: number;
  /** Prompts of one model that are answered at the same time. */
  readonly sequences: number;
  /** Prompt and answer together, at most; a model that was trained on less has less. Memory is taken for all of it, per sequence. */
  readonly contextTokens: number;
  /** Prompts that wait for a sequence; more are refused. */
  readonly waiting: number;
}

export function llamaSettings(given: Partial<LlamaSettings> = {}): LlamaSettings {
  return {
    gpu: false,
    gpuLayers: "auto",
    threads: Math.max(1, cpus().length - 1),
    sequences: 4,
    contextTokens: 8192,
    waiting: 256,
    ...given,
  };
}
