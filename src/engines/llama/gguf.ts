import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { Problem } from "../../core/index.ts";
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
    return await read(createReader(file, size, basename(path)));
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

async function read(from: Reader): Promise<GgufMetadata> {
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
    license: textAt("general.license"),
  };
}

async function readTensors(from: Reader, count: bigint): Promise<{ parameters: number; lastOffset: number }> {
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

interface Reader {
  readonly position: number;
  readonly size: number;
  number(type: NumberType): Promise<bigint>;
  text(bytes: bigint): Promise<string>;
  string(): Promise<string>;
  /** A scalar or a text; undefined for what is only passed over, such as the vocabulary. */
  value(type: bigint): Promise<string | number | undefined>;
  broken(why: string): Problem;
}

const chunkBytes = 1 << 16;
const longestText = 1n << 20n;

/** Number types by their code in the file: how many bytes, and how they are read. */
const numberTypes = {
  u8: { code: 0, bytes: 1, read: (buffer: Buffer) => BigInt(buffer.readUInt8()) },
  u32: { code: 4, bytes: 4, read: (buffer: Buffer) => BigInt(buffer.readUInt32LE()) },
  u64: { code: 10, bytes: 8, read: (buffer: Buffer) => buffer.readBigUInt64LE() },
} as const;
type NumberType = keyof typeof numberTypes;

const scalars: Readonly<Record<number, { bytes: number; read: (buffer: Buffer) => number }>> = {
  0: { bytes: 1, read: (buffer) => buffer.readUInt8() },
  1: { bytes: 1, read: (buffer) => buffer.readInt8() },
  2: { bytes: 2, read: (buffer) => buffer.readUInt16LE() },
  3: { bytes: 2, read: (buffer) => buffer.readInt16LE() },
  4: { bytes: 4, read: (buffer) => buffer.readUInt32LE() },
  5: { bytes: 4, read: (buffer) => buffer.readInt32LE() },
  6: { bytes: 4, read: (buffer) => buffer.readFloatLE() },
  7: { bytes: 1, read: (buffer) => buffer.readUInt8() },
  10: { bytes: 8, read: (buffer) => Number(buffer.readBigUInt64LE()) },
  11: { bytes: 8, read: (buffer) => Number(buffer.readBigInt64LE()) },
  12: { bytes: 8, read: (buffer) => buffer.readDoubleLE() },
};
const stringType = 8n;
const arrayType = 9n;

function createReader(file: FileHandle, size: number, name: string): Reader {
  let chunk = Buffer.alloc(0);
  let chunkAt = 0;
  let position = 0;

  function broken(why: string): Problem {
    return new Problem("engine-failed", `${name} is no model that can be loaded: ${why}`);
  }

  async function take(bytes: bigint): Promise<Buffer> {
    const end = BigInt(position) + bytes;
    if (end > BigInt(size)) throw broken("it is cut short; fetch it again");
    const length = Number(bytes);
    if (position + length > chunkAt + chunk.length) {
      const fresh = Buffer.alloc(Math.max(length, Math.min(chunkBytes, size - position)));
      const { bytesRead } = await file.read(fresh, 0, fresh.length, position);
      if (bytesRead < length) throw broken("it is cut short; fetch it again");
      chunk = fresh.subarray(0, bytesRead);
      chunkAt = position;
    }
    const taken = chunk.subarray(position - chunkAt, position - chunkAt + length);
    position += length;
    return taken;
  }

  function skip(bytes: bigint): void {
    if (BigInt(position) + bytes > BigInt(size)) throw broken("it is cut short; fetch it again");
    position += Number(bytes);
    if (position > chunkAt + chunk.length) {
      chunk = Buffer.alloc(0);
      chunkAt = position;
    }
  }

  async function number(type: NumberType): Promise<bigint> {
    const { bytes, read: readNumber } = numberTypes[type];
    return readNumber(await take(BigInt(bytes)));
  }

  async function text(bytes: bigint): Promise<string> {
    if (bytes > longestText) throw broken("a text in it is too long");
    return (await take(bytes)).toString("utf8");
  }

  async function skipArray(depth: number): Promise<void> {
    if (depth > 4) throw broken("its head makes no sense");
    const type = await number("u32");
    const count = await number("u64");
    const scalar = scalars[Number(type)];
    if (scalar) return skip(count * BigInt(scalar.bytes));
    if (count > BigInt(size)) throw broken("its head makes no sense");
    for (let item = 0n; item < count; item++) {
      if (type === stringType) skip(await number("u64"));
      else if (type === arrayType) await skipArray(depth + 1);
      else throw broken("its head makes no sense");
    }
  }

  return {
    get position() {
      return position;
    },
    size,
    number,
    text,
    string: async () => text(await number("u64")),
    async value(type) {
      const scalar = scalars[Number(type)];
      if (scalar) return scalar.read(await take(BigInt(scalar.bytes)));
      if (type === stringType) return text(await number("u64"));
      if (type !== arrayType) throw broken("its head makes no sense");
      await skipArray(0);
      return undefined;
    },
    broken,
  };
}
