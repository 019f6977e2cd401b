import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ByteRange } from "./hub.ts";
import type { ListedFile } from "./listed-file.ts";

/** A file that is being fetched, at several places at once; what is there survives the process. */
export interface UnfinishedFile {
  readonly path: string;
  /** Bytes that an earlier pull left here. */
  readonly kept: number;
  /** What is missing, in pieces for one request each. The first is small: its answer tells how the others can be had. */
  missing(): readonly ByteRange[];
  /**
   * Each byte once, but for those that were here before: they are passed over.
   *
   * @returns how many of the bytes were missing
   */
  write(at: number, bytes: Uint8Array): Promise<number>;
  /** Gives it its name, durably. */
  finish(path: string): Promise<void>;
  discard(): Promise<void>;
  /** Leaves what is whole for a later pull, and nothing where nothing is. */
  leave(): Promise<void>;
}

export interface Piecework {
  /** After a kill a segment is there as a whole or is fetched again. */
  readonly segmentBytes: number;
  /** Bytes of one request at most. */
  readonly requestBytes: number;
  /** Requests at a time, over all files. */
  readonly connections: number;
}

export const usualPiecework: Piecework = { segmentBytes: 4 * 2 ** 20, requestBytes: 64 * 2 ** 20, connections: 6 };

/**
 * Two files hold it: the content, at its full length from the start, and a journal with a line for each segment that is whole. They are
 * named after the content's digest, so that what was fetched serves any revision that has the same file.
 */
function filesFor(folder: string, digest: string): { content: string; journal: string } {
  const name = join(folder, digest.replace(":", "-"));
  return { content: `${name}.part`, journal: `${name}.done` };
}

/** Bytes of a file that an earlier pull left behind. */
export async function keptBytes(folder: string, file: ListedFile, { segmentBytes }: Piecework): Promise<number> {
  const whole = await readJournal(filesFor(folder, file.digest), file.bytes, segmentBytes);
  return [...whole].reduce((sum, segment) => sum + lengthOf(segment, file.bytes, segmentBytes), 0);
}

export async function openUnfinished(folder: string, { digest, bytes }: ListedFile, piecework: Piecework): Promise<UnfinishedFile> {
  const { segmentBytes } = piecework;
  const fairShare = Math.ceil(bytes / segmentBytes / piecework.connections) * segmentBytes;
  const requestBytes = Math.min(piecework.requestBytes, fairShare);
  const files = filesFor(folder, digest);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const whole = await readJournal(files, bytes, segmentBytes);
  const fresh = whole.size === 0;
  const content = await open(files.content, fresh ? "w" : "r+");
  if (fresh) await content.truncate(bytes);
  const journal = await open(files.journal, fresh ? "w" : "a");
  if (fresh) await journal.write(headOf(bytes, segmentBytes));

  const count = Math.ceil(bytes / segmentBytes);
  const missingBytes = Array.from({ length: count }, (_, i) => (whole.has(i) ? 0 : lengthOf(i, bytes, segmentBytes)));

  function missing(): ByteRange[] {
    const ranges: ByteRange[] = [];
    for (let i = 0; i < count; i++) {
      if (missingBytes[i] === 0) continue;
      const start = i * segmentBytes;
      const end = start + lengthOf(i, bytes, segmentBytes);
      const last = ranges.at(-1);
      if (ranges.length > 1 && last?.end === start && end - last.start <= requestBytes)
        ranges[ranges.length - 1] = { start: last.start, end };
      else ranges.push({ start, end });
    }
    return ranges;
  }

  async function write(at: number, chunk: Uint8Array): Promise<number> {
    let gained = 0;
    for (let from = 0; from < chunk.length;) {
      const position = at + from;
      const segment = Math.floor(position / segmentBytes);
      const part = chunk.subarray(from, from + (segment + 1) * segmentBytes - position);
      from += part.length;
      const left = missingBytes[segment] ?? 0;
      if (left === 0) continue;
      await writeAll(content, part, position);
      gained += part.length;
      missingBytes[segment] = left - part.length;
      if (left === part.length) await journal.write(`${segment}\n`);
    }
    return gained;
  }

  async function close(): Promise<void> {
    await content.close();
    await journal.close();
  }

  async function discard(): Promise<void> {
    await close();
    await rm(files.content, { force: true });
    await rm(files.journal, { force: true });
  }

  return {
    path: files.content,
    kept: [...whole].reduce((sum, segment) => sum + lengthOf(segment, bytes, segmentBytes), 0),
    missing,
    write,
    async finish(path) {
      await content.sync();
      await close();
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await rename(files.content, path);
      await rm(files.journal, { force: true });
    },
    discard,
    leave: () => (missingBytes.includes(0) ? close() : discard()),
  };
}

function headOf(bytes: number, segmentBytes: number): string {
  return `${bytes} bytes in segments of ${segmentBytes}\n`;
}

function lengthOf(segment: number, bytes: number, segmentBytes: number): number {
  return Math.min(segmentBytes, bytes - segment * segmentBytes);
}

/** The segments that are whole. A last line without its end was being written when the process died, and does not count. */
async function readJournal(files: { content: string; journal: string }, bytes: number, segmentBytes: number): Promise<Set<number>> {
  try {
    const head = headOf(bytes, segmentBytes);
    const text = await readFile(files.journal, "utf8");
    if (!text.startsWith(head) || (await stat(files.content)).size !== bytes) return new Set();
    const lines = text.slice(head.length).split("\n").slice(0, -1);
    const count = Math.ceil(bytes / segmentBytes);
    return new Set(lines.filter((line) => /^\d+$/.test(line) && Number(line) < count).map(Number));
  } catch (thrown) {
    if (thrown instanceof Error && Reflect.get(thrown, "code") === "ENOENT") return new Set();
    throw thrown;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}
