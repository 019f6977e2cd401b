import { basename } from "node:path";
import {
  getLlama,
  LlamaLogLevel,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaEmbeddingContext,
  type LlamaRankingContext,
  type LlamaModel,
} from "node-llama-cpp";
import { Problem } from "../../core/index.ts";
import { bySequence, createBeat, type Beat } from "./batching.ts";
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
  /** llama.cpp's number for how token vectors become one; undefined where the file does not say. */
  readonly pooling: number | undefined;
  readonly generation: () => Promise<Generation>;
  readonly embedding: () => Promise<Embedding>;
  readonly ranking: () => Promise<Ranking>;
  dispose(): Promise<void>;
}

export interface Embedding {
  readonly context: LlamaEmbeddingContext;
  /** The longest input, with what the tokenizer adds to a text. */
  readonly contextTokens: number;
}

export interface Ranking {
  readonly context: LlamaRankingContext;
  /** Query and text together, with what the tokenizer adds. */
  readonly contextTokens: number;
}

export interface Generation {
  readonly context: LlamaContext;
  /** Prompt and answer together. */
  readonly contextTokens: number;
  readonly slots: Slots<LlamaContextSequence>;
  readonly beat: Beat;
}

export function startLlama({ gpu, gpuLayers, threads }: LlamaSettings): Promise<Llama> {
  return getLlama({
    build: "never",
    skipDownload: true,
    gpu: gpuLayers === 0 ? false : gpu,
    logLevel: LlamaLogLevel.error,
    maxThreads: threads,
  });
}

/**
 * Reads a GGUF into memory.
 *
 * @throws Problem engine-failed in our own words: a library's message may hold the path
 */
export async function loadModel(llama: Llama, path: string, name: string, settings: LlamaSettings): Promise<LoadedModel> {
  const { pooling } = await readGgufMetadata(path); // says what is wrong with most broken files before native code sees them
  const model = await load(llama, path, settings);
  const prompts = createPromptWriter(model, name);
  return {
    name,
    model,
    prompts,
    grammars: createGrammars(llama),
    pooling,
    generation: once(() => startGeneration(model, settings)),
    embedding: once(() => startEmbedding(model, name, settings)),
    ranking: once(() => startRanking(model, name, settings)),
    dispose: () => model.dispose(),
  };
}

/** Makes what is asked for at the first asking; a failure is tried again at the next. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((thrown: unknown) => {
      made = undefined;
      throw thrown;
    });
    return made;
  };
}

async function load(llama: Llama, path: string, { gpuLayers }: LlamaSettings): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath: path, gpuLayers });
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
      batching: { itemPrioritizationStrategy: bySequence },
    });
    const sequences = Array.from({ length: settings.sequences }, () => context.getSequence());
    return {
      context,
      contextTokens: Math.min(context.contextSize, model.trainContextSize),
      slots: createSlots(sequences, (sequence) => sequence.contextTokens, settings.waiting),
      beat: createBeat(sequences),
    };
  } catch (cause) {
    throw new Problem(
      "engine-failed",
      `there is not enough memory for the context of ${model.filename ?? "the model"}; lower contextTokens or sequences`,
      { cause },
    );
  }
}

/** Encoders see all of a text at once, so the batch is as long as the context. One more than the model's: the library leaves one free. */
function sizesOf(model: LlamaModel, settings: LlamaSettings) {
  const contextTokens = Math.min(settings.contextTokens, model.trainContextSize);
  return { contextTokens, options: { contextSize: contextTokens + 1, batchSize: contextTokens + 1, threads: settings.threads } };
}

async function startEmbedding(model: LlamaModel, name: string, settings: LlamaSettings): Promise<Embedding> {
  const { contextTokens, options } = sizesOf(model, settings);
  try {
    return { context: await model.createEmbeddingContext(options), contextTokens };
  } catch (cause) {
    throw new Problem("task-unsupported", `${name} makes no vectors`, { cause });
  }
}

async function startRanking(model: LlamaModel, name: string, settings: LlamaSettings): Promise<Ranking> {
  const { contextTokens, options } = sizesOf(model, settings);
  try {
    return { context: await model.createRankingContext(options), contextTokens };
  } catch (cause) {
    throw new Problem("task-unsupported", `${name} is no reranking model`, { cause });
  }
}
