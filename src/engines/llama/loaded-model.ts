import { basename } from "node:path";
import { getLlama, LlamaLogLevel, type Llama, type LlamaContext, type LlamaContextSequence, type LlamaModel } from "node-llama-cpp";
import { Problem } from "../../core/index.ts";
import { readGgufMetadata } from "./gguf.ts";
import { createGrammars, type Grammars } from "./grammars.ts";
import { createPromptWriter, type PromptWriter } from "./prompt.ts";
import { createSlots, type Slots } from "./sequences.ts";
import type { LlamaSettings } from "./settings.ts";

/** A model in memory, with what its tasks need; contexts are made when the first call of a task comes. */
export interface LoadedModel {
  /** For messages. */
  readonly name: string;
  readonly model: LlamaModel;
  readonly prompts: PromptWriter;
  readonly grammars: Grammars;
  readonly generation: () => Promise<Generation>;
  readonly threads: number;
  readonly settings: LlamaSettings;
  dispose(): Promise<void>;
}

export interface Generation {
  readonly context: LlamaContext;
  /** Prompt and answer together. */
  readonly contextTokens: number;
  readonly slots: Slots<LlamaContextSequence>;
}

export function startLlama({ gpu, threads }: LlamaSettings): Promise<Llama> {
  return getLlama({ build: "never", skipDownload: true, gpu, logLevel: LlamaLogLevel.error, maxThreads: threads });
}

/**
 * Reads a GGUF into memory.
 *
 * @throws Problem engine-failed in our own words: a library's message may hold the path
 */
export async function loadModel(llama: Llama, path: string, name: string, settings: LlamaSettings): Promise<LoadedModel> {
  await readGgufMetadata(path); // says what is wrong with most broken files before native code sees them
  const model = await load(llama, path);
  let generation: Promise<Generation> | undefined;
  const prompts = createPromptWriter(model, name);
  return {
    name,
    model,
    prompts,
    grammars: createGrammars(llama),
    generation: () => (generation ??= startGeneration(model, settings)),
    threads: settings.threads,
    settings,
    dispose: () => model.dispose(),
  };
}

async function load(llama: Llama, path: string): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath: path });
  } catch (cause) {
    throw new Problem(
      "engine-failed",
      `${basename(path)} could not be loaded: it is damaged, of a kind that llama.cpp does not know, or needs more memory than there is`,
      { cause },
    );
  }
}

async function startGeneration(model: LlamaModel, settings: LlamaSettings): Promise<Generation> {
  const most = Math.min(settings.contextTokens, model.trainContextSize);
  try {
    const context = await model.createContext({
      contextSize: { min: Math.min(512, most), max: most },
      sequences: settings.sequences,
      threads: settings.threads,
      batchSize: 512,
    });
    const sequences = Array.from({ length: settings.sequences }, () => context.getSequence());
    const contentOf = (sequence: LlamaContextSequence) => sequence.contextTokens;
    return {
      context,
      contextTokens: Math.min(context.contextSize, model.trainContextSize),
      slots: createSlots(sequences, contentOf, settings.waiting),
    };
  } catch (cause) {
    throw new Problem(
      "engine-failed",
      `there is not enough memory for the context of ${model.filename ?? "the model"}; lower contextTokens or sequences`,
      { cause },
    );
  }
}
