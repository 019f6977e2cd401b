import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../core/index.ts";
import { fileNameOf, type Files, importKey, isFileName, type StoredFile, typeOf } from "../index.ts";

export interface DiskFilesOptions {
  /** Made if need be; only its owner may look into it. */
  readonly folder: string;
  /** Milliseconds after which a file is forgotten; absent: never. */
  readonly expiresAfter?: number;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** How often files that have expired are looked for. */
const sweepEvery = 3_600_000;

/** Files in a folder, and the key of their names beside them. */
export async function openDiskFiles({ folder, expiresAfter = Infinity, now = Date.now }: DiskFilesOptions): Promise<Files> {
  const key = await importKey(await readKey(folder));
  let sweptAt = 0;

  async function sweep(): Promise<void> {
    if (expiresAfter === Infinity || now() - sweptAt < sweepEvery) return;
    sweptAt = now();
    for (const name of await readdir(folder)) {
      if (isFileName(name) && (await get(name)) === undefined) await rm(join(folder, name), { force: true });
    }
  }

  async function get(name: string): Promise<StoredFile | undefined> {
    if (!isFileName(name)) return undefined;
    try {
      const path = join(folder, name);
      const createdAt = Math.floor((await stat(path)).mtimeMs);
      if (now() - createdAt > expiresAfter) return undefined;
      const bytes = new Uint8Array(await readFile(path));
      const mediaType = typeOf(bytes)?.mediaType;
      return mediaType === undefined ? undefined : { bytes, mediaType, createdAt, etag: `"${name.slice(0, 43)}"` };
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw new Problem("store-failed", "the file could not be read; the server's log says why", { cause: thrown });
    }
  }

  return {
    get,
    async put(file) {
      const type = typeOf(file.bytes);
      if (!type) throw new Problem("bad-input", "the file is no PNG, JPEG, WebP or GIF picture");
      const name = await fileNameOf(key, file, type.extension);
      try {
        await writeWhole(join(folder, name), file.bytes);
        const at = now() / 1000;
        await utimes(join(folder, name), at, at);
        await sweep();
      } catch (thrown) {
        throw new Problem("store-failed", "the file could not be kept; the server's log says why", { cause: thrown });
      }
      return name;
    },
  };
}

/** Under its name there is the whole file or none. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}`;
  try {
    await writeFile(part, bytes, { mode: 0o600 });
    await rename(part, path);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}

async function readKey(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, "key");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      const made = await open(path, "wx", 0o600);
      await made.writeFile(randomBytes(32));
      await made.close();
    } catch (thrown) {
      if (!(thrown instanceof Error && Reflect.get(thrown, "code") === "EEXIST")) throw thrown;
    }
    const key = new Uint8Array(await readFile(path));
    if (key.length === 32) return key;
  } catch (thrown) {
    throw new Problem("bad-setting", `the folder ${folder} cannot be used: give this user the right to, or set GANGLION_DATA`, {
      cause: thrown,
    });
  }
  throw new Problem("bad-setting", `${path} is no key of 32 bytes; remove it, and links given out before will no longer be found`);
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && Reflect.get(thrown, "code") === "ENOENT";
}
