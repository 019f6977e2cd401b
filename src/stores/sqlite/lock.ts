import { join } from "node:path";
import Libsql from "libsql";
import { Problem } from "../../core/index.ts";
import { makeFolder } from "./make-folder.ts";

export interface DataFolderLock {
  /** May be called twice. */
  release(): void;
}

/**
 * Makes the data folder if need be and takes it for this process, until it ends in whatever way: the lock is the operating system's,
 * on a database of its own, so that the command line can read and write the real one beside the server.
 *
 * @throws Problem `bad-setting` where another process has it, or the folder cannot be made or written
 */
export function lockDataFolder(folder: string): DataFolderLock {
  let lock: Libsql.Database | undefined;
  try {
    makeFolder(folder);
    lock = new Libsql(join(folder, "server.lock"));
    lock.exec("BEGIN EXCLUSIVE");
  } catch (thrown) {
    lock?.close();
    throw new Problem("bad-setting", isBusy(thrown) ? inUse(folder) : unwritable(folder), { cause: thrown });
  }
  let held: Libsql.Database | undefined = lock;
  return {
    release() {
      held?.close();
      held = undefined;
    },
  };
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && Reflect.get(thrown, "code") === "SQLITE_BUSY";
}

function inUse(folder: string): string {
  return `another server is using ${folder}: stop it, or give this one a folder of its own with GANGLION_DATA`;
}

function unwritable(folder: string): string {
  return `the data folder ${folder} cannot be made or written: give this user the right to, or name another one with GANGLION_DATA`;
}
