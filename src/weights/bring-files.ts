import { statSync } from "node:fs";
import { copyFile, link, mkdir, rename, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../core/index.ts";
import type { AttemptOptions } from "./attempts.ts";
import { checkedSha256 } from "./digests.ts";
import { fetchFile } from "./fetch-file.ts";
import type { Hub } from "./hub.ts";
import type { ListedFile } from "./listed-file.ts";
import { type LockedModel, readLockFile } from "./lock-file.ts";
import { revisionFolder, unfinishedFolder } from "./places.ts";
import { sizeText } from "./size-text.ts";
import { createSlots } from "./slots.ts";
import { keptBytes, type Piecework } from "./unfinished-file.ts";

export interface BringOptions extends AttemptOptions {
  readonly dataFolder: string;
  readonly hub: Hub;
  readonly piecework: Piecework;
  /** Bytes that are here, of all that will be. */
  readonly onProgress: (bytes: number, totalBytes: number) => void;
  readonly onCheck: (path: string) => void;
}

interface Wanted {
  readonly repository: string;
  readonly revision: string;
  readonly files: readonly ListedFile[];
}

/**
 * Sees to it that all files are in the folder of their revision, each checked before it got its name. Only one process may do so for a
 * repository at a time.
 */
export async function bringFiles(wanted: Wanted, options: BringOptions): Promise<{ files: LockedModel["files"]; fetchedBytes: number }> {
  const { dataFolder, piecework } = options;
  const { repository, revision } = wanted;
  const folder = revisionFolder(dataFolder, wanted);
  const unfinished = unfinishedFolder(dataFolder, repository);

  const here = new Map<string, string>();
  for (const file of wanted.files) {
    const sha256 = await sha256Here(file, folder, options);
    if (sha256 !== undefined) here.set(file.path, sha256);
  }
  const missing = wanted.files.filter(({ path }) => !here.has(path));
  const groups = withSameContent(missing);
  let toFetch = 0;
  for (const { first } of groups) toFetch += first.bytes - (await keptBytes(unfinished, first, piecework));
  await checkRoom(toFetch, dataFolder);

  const totalBytes = sumOf(wanted.files);
  let bytes = totalBytes - sumOf(missing);
  const stop = new AbortController();
  const fetchOptions = {
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
    slots: createSlots(piecework.connections),
    unfinishedFolder: unfinished,
    onBytes(count: number) {
      bytes += count;
      options.onProgress(bytes, totalBytes);
    },
  };
  const bring = async ({ first, others }: SameContent) => {
    const sha256 = await fetchFile({ ...first, repository, revision }, join(folder, first.path), fetchOptions);
    here.set(first.path, sha256);
    for (const other of others) {
      await copyInto(join(folder, first.path), join(folder, other.path));
      here.set(other.path, sha256);
      fetchOptions.onBytes(other.bytes);
    }
  };
  const brought = groups.map((group) =>
    bring(group).catch((thrown: unknown) => {
      stop.abort(thrown);
      throw thrown;
    }),
  );
  const results = await Promise.allSettled(brought);
  options.signal.throwIfAborted();
  if (results.some(({ status }) => status === "rejected")) throw stop.signal.reason;
  return {
    files: wanted.files.map((file) => ({ path: file.path, bytes: file.bytes, sha256: here.get(file.path) ?? "" })),
    fetchedBytes: toFetch,
  };
}

/** The SHA-256 of a file that is here already: under its name, or as a file of another model or revision with the same content. */
async function sha256Here(file: ListedFile, folder: string, { dataFolder, signal }: BringOptions): Promise<string | undefined> {
  const path = join(folder, file.path);
  if (isFile(path, file.bytes)) {
    // It was checked before it got its name.
    return file.digest.startsWith("sha256:") ? file.digest.slice("sha256:".length) : await checkedSha256(path, file, signal);
  }
  for (const model of Object.values(readLockFile(dataFolder))) {
    for (const { path: other, bytes, sha256 } of model.files) {
      const there = join(revisionFolder(dataFolder, model), other);
      if (file.digest !== `sha256:${sha256}` || !isFile(there, bytes)) continue;
      await copyInto(there, path);
      return sha256;
    }
  }
  return undefined;
}

function isFile(path: string, bytes: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === bytes;
}

/** A second name for the same bytes, where the disk can do that. */
async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rm(to, { force: true });
  await link(from, to).catch(async () => {
    await copyFile(from, `${to}.copy`);
    await rename(`${to}.copy`, to);
  });
}

interface SameContent {
  readonly first: ListedFile;
  readonly others: ListedFile[];
}

function withSameContent(files: readonly ListedFile[]): SameContent[] {
  const groups = new Map<string, SameContent>();
  for (const file of files) {
    const group = groups.get(file.digest);
    if (group) group.others.push(file);
    else groups.set(file.digest, { first: file, others: [] });
  }
  return [...groups.values()];
}

/** Bytes that stay free for everything else that writes to the disk. */
const margin = 64_000_000;

async function checkRoom(bytes: number, folder: string): Promise<void> {
  if (bytes === 0) return;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes + margin <= free) return;
  throw new Problem(
    "bad-setting",
    `${sizeText(bytes)} more are wanted in ${folder}, and ${sizeText(free)} are free: make room, \`ganglion rm\` what is not used, or set GANGLION_DATA to a folder on another disk`,
  );
}

function sumOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
