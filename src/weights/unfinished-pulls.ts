import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { unfinishedFolder, weightsFolderIn } from "./places.ts";

/** What pulls that were cut off left on the disk. */
export interface UnfinishedPull {
  readonly repository: string;
  /** On the disk so far. */
  readonly bytes: number;
}

export function unfinishedPulls(dataFolder: string): UnfinishedPull[] {
  const folder = weightsFolderIn(dataFolder);
  const repositories = namesIn(folder).flatMap((owner) => namesIn(join(folder, owner)).map((name) => `${owner}/${name}`));
  return repositories.flatMap((repository) => {
    const unfinished = unfinishedFolder(dataFolder, repository);
    // The content has its full length from the start; what is on the disk of it are its blocks.
    const bytes = namesIn(unfinished).reduce(
      (sum, name) => sum + (statSync(join(unfinished, name), { throwIfNoEntry: false })?.blocks ?? 0) * 512,
      0,
    );
    return bytes > 0 ? [{ repository, bytes }] : [];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // there is no such folder
  }
}
