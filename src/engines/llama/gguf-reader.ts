import type { FileHandle } from "node:fs/promises";
import { Problem } from "../../core/index.ts";

/** Reads a GGUF value by value, each only as far as the file goes. */
export interface GgufReader {
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

export function createGgufReader(file: FileHandle, size: number, name: string): GgufReader {
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
