import { join } from "node:path";

/*
 * Under the data folder:
 *   weights.json                                  the lock file
 *   weights/OWNER/NAME/COMMIT/…                   files as their repository has them; a file that has its name is whole and checked
 *   weights/OWNER/NAME/.unfinished/               what is being fetched, or was when its pull was cut off
 *   weights/.locks/                               one empty file for each thing that only one process may do at a time
 * A name from a hub never begins with a dot.
 */

export function lockFileIn(dataFolder: string): string {
  return join(dataFolder, "weights.json");
}

export function weightsFolderIn(dataFolder: string): string {
  return join(dataFolder, "weights");
}

export function repositoryFolder(dataFolder: string, repository: string): string {
  return join(weightsFolderIn(dataFolder), repository);
}

export function revisionFolder(dataFolder: string, { repository, revision }: { repository: string; revision: string }): string {
  return join(repositoryFolder(dataFolder, repository), revision);
}

export function unfinishedFolder(dataFolder: string, repository: string): string {
  return join(repositoryFolder(dataFolder, repository), ".unfinished");
}

export function processLockOf(dataFolder: string, repository: string): string {
  return join(weightsFolderIn(dataFolder), ".locks", `${repository.replace("/", "--")}.lock`);
}

export function processLockOfLockFile(dataFolder: string): string {
  return join(weightsFolderIn(dataFolder), ".locks", "weights.json.lock");
}
