import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { Problem } from "../../core/index.ts";
import { createGgufReader, type GgufReader } from "./gguf-reader.ts";
import { weightsMissing } from "./weights.ts";

/** What a GGUF says about itself. */
export interface GgufMetadata {
  readonly architecture: string;
  readonly name: string | undefined;
  /** What it was trained for. */
  readonly contextTokens: number | undefined;
  /** Length of its vectors. */
  readonly dimensions: number | undefined;
  readonly chatTemplate: string | undefined;
  /** What it is for, as far as a file can say. */
  readonly task: "text-generation" | "text-embeddings" | "reranking";
  /** llama.cpp's number for how token vectors become one. */
  readonly pooling: number | undefined;
  readonly parameters: number;
  /** What one token of context takes in bytes, in 16-bit numbers; undefined where the file does not say enough. */
  readonly contextTokenBytes: number | undefined;
  readonly license: string | undefined;
}

/** Architectures that only make vectors. Source: the encoders among llama.cpp's `llama-arch.cpp`. */
const encoders: ReadonlySet<string> = new Set([
  "bert",
  "modern-bert",
  "nomic-bert",
  "nomic-bert-moe",
  "neo-bert",
  "jina-bert-v2",
  "jina-bert-v3",
  "eurobert",
  "gemma-embedding",
  "t5encoder",
]);

/** llama.cpp's `LLAMA_POOLING_TYPE_RANK`. */
const rankPooling = 4;

/**
 * Reads the head of a GGUF (versions 2 and 3), without llama.cpp and without its tensors, in bounded memory: files come from strangers,
 * and this runs in the server's own process.
 *
 * Source of the format: github.com/ggml-org/ggml/blob/master/docs/gguf.md, seen 2026-11.
 *
 * @throws Problem weights-missing when there is no such file, engine-failed when it is no whole GGUF
 */
export async function readGgufMetadata(path: string): Promise<GgufMetadata> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    return await read(createGgufReader(file, size, basename(path)));
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT")
      throw weightsMissing(basename(path), [{ name: basename(path) }]);
    throw new Problem("engine-failed", `${basename(path)} cannot be read; the server needs permission to`, { cause });
  }
}

async function read(from: GgufReader): Promise<GgufMetadata> {
  if ((await from.text(4n)) !== "GGUF") throw from.broken("it is not a GGUF file");
  const version = await from.number("u32");
  if (version < 2n || version > 3n) throw from.broken("it is of a version of GGUF that is not read here");
  const tensors = await from.number("u64");
  const pairs = await from.number("u64");
  if (tensors > 1_000_000n || pairs > 1_000_000n) throw from.broken("its head makes no sense");
  const values = new Map<string, string | number>();
  for (let pair = 0n; pair < pairs; pair++) {
    const key = await from.string();
    const value = await from.value(await from.number("u32"));
    if (value !== undefined) values.set(key, value);
  }
  const { parameters, lastOffset } = await readTensors(from, tensors);
  const alignment = Number(values.get("general.alignment") ?? 32);
  const dataAt = Math.ceil(from.position / alignment) * alignment;
  if (tensors > 0n && dataAt + lastOffset >= from.size) throw from.broken("it is cut short; fetch it again");

  const architecture = String(values.get("general.architecture") ?? "");
  if (architecture === "") throw from.broken("it does not say its architecture");
  const numberAt = (key: string) => {
    const value = values.get(`${architecture}.${key}`);
    return typeof value === "number" ? value : undefined;
  };
  const textAt = (key: string) => {
    const value = values.get(key);
    return typeof value === "string" ? value : undefined;
  };
  const pooling = numberAt("pooling_type");
  const embeds = encoders.has(architecture) || (pooling !== undefined && pooling > 0);
  return {
    architecture,
    name: textAt("general.name"),
    contextTokens: numberAt("context_length"),
    dimensions: numberAt("embedding_length"),
    chatTemplate: textAt("tokenizer.chat_template"),
    task: pooling === rankPooling ? "reranking" : embeds ? "text-embeddings" : "text-generation",
    pooling,
    parameters,
    contextTokenBytes: contextTokenBytesOf(numberAt),
    license: textAt("general.license"),
  };
}

/** Keys and values of every layer. Where layers differ in their heads, the file has a list that is not read here, and all are counted. */
function contextTokenBytesOf(numberAt: (key: string) => number | undefined): number | undefined {
  const layers = numberAt("block_count");
  const width = numberAt("embedding_length");
  const heads = numberAt("attention.head_count");
  if (layers === undefined || width === undefined || !heads) return undefined;
  const keyLength = numberAt("attention.key_length") ?? width / heads;
  const valueLength = numberAt("attention.value_length") ?? width / heads;
  return layers * (numberAt("attention.head_count_kv") ?? heads) * (keyLength + valueLength) * 2;
}

async function readTensors(from: GgufReader, count: bigint): Promise<{ parameters: number; lastOffset: number }> {
  let parameters = 0;
  let lastOffset = 0;
  for (let tensor = 0n; tensor < count; tensor++) {
    await from.string();
    const dimensions = await from.number("u32");
    if (dimensions > 8n) throw from.broken("a tensor in it makes no sense");
    let size = 1;
    for (let dimension = 0n; dimension < dimensions; dimension++) size *= Number(await from.number("u64"));
    parameters += size;
    await from.number("u32"); // the type of its numbers
    lastOffset = Math.max(lastOffset, Number(await from.number("u64")));
  }
  return { parameters, lastOffset };
}
