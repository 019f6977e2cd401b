import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { changeLockFile, type LockedModel, readLockFile } from "./lock-file.ts";
import { processLockOf, repositoryFolder, revisionFolder, unfinishedFolder } from "./places.ts";
import { withProcessLock } from "./process-lock.ts";

/**
 * Takes a model out of the lock file and deletes its files, but for those that another model has too; and what pulls from its
 * repositories left unfinished.
 *
 * @returns the bytes that the disk has back, or undefined where there was nothing of the model
 */
export async function removeWeights(dataFolder: string, model: string, repositories: readonly string[]): Promise<number | undefined> {
  let locked: LockedModel | undefined;
  if (readLockFile(dataFolder)[model]) {
    await changeLockFile(dataFolder, ({ [model]: found, ...others }) => {
      locked = found;
      return others;
    });
  }
  let bytes = 0;
  for (const repository of new Set([...(locked ? [locked.repository] : []), ...repositories])) {
    bytes += await removeUnused(dataFolder, repository, { unfinished: true });
  }
  return locked || bytes > 0 ? bytes : undefined;
}

/**
 * Deletes the files of a repository that no model of the lock file has.
 *
 * @param unfinished whether what is only half here goes as well
 * @returns the bytes that the disk has back
 */
export async function removeUnused(
  dataFolder: string,
  repository: string,
  { unfinished }: { readonly unfinished: boolean },
): Promise<number> {
  const folder = repositoryFolder(dataFolder, repository);
  if ((await stat(folder).catch(() => undefined)) === undefined) return 0;
  return await withProcessLock(processLockOf(dataFolder, repository), {}, async () => {
    const models = Object.values(readLockFile(dataFolder));
    const kept = new Set(models.flatMap((model) => model.files.map(({ path }) => join(revisionFolder(dataFolder, model), path))));
    const unfinishedIn = unfinishedFolder(dataFolder, repository);
    let bytes = 0;
    for (const path of await filesIn(folder)) {
      if (!kept.has(path) && (unfinished || dirname(path) !== unfinishedIn)) bytes += await removeFile(path);
    }
    await removeEmptyFolders(folder);
    return bytes;
  });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

/** @returns the bytes that it had on the disk, and that have no other name */
async function removeFile(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  await rm(path, { force: true });
  return found?.nlink === 1 ? Math.min(found.size, found.blocks * 512) : 0;
}

/** A repository's folders where nothing is in them, its owner's too. */
export async function removeEmptyFolders(repository: string): Promise<void> {
  await removeEmpty(repository);
  await rmdir(dirname(repository)).catch(() => {}); // other repositories are in it
}

async function removeEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeEmpty(join(folder, entry.name));
  await rmdir(folder).catch(() => {}); // something is in it
}
