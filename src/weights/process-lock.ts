import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import Libsql from "libsql";
import { Problem } from "../core/index.ts";

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once, where another holder has to be waited for. */
  readonly onWait?: (() => void) | undefined;
}

/** Milliseconds between two looks at a lock that somebody else has. */
const lookEvery = 100;

/**
 * Does some work while no other process, and nobody else in this one, does work under the same file's name. The lock is the operating
 * system's, by way of SQLite: it ends with the process that has it, in whatever way that ends.
 *
 * @throws Problem `bad-setting` where the file cannot be made
 */
export async function withProcessLock<T>(file: string, { signal, onWait }: LockOptions, work: () => Promise<T>): Promise<T> {
  let lock = tryLock(file);
  if (!lock) onWait?.();
  while (!lock) {
    await setTimeout(lookEvery, undefined, { signal }).catch(() => signal?.throwIfAborted());
    lock = tryLock(file);
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}

function tryLock(file: string): Libsql.Database | undefined {
  let database: Libsql.Database | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    database = new Libsql(file);
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (thrown) {
    database?.close();
    if (thrown instanceof Error && Reflect.get(thrown, "code") === "SQLITE_BUSY") return undefined;
    throw new Problem(
      "bad-setting",
      `${file} cannot be made or written: give this user the right to, or name another folder with GANGLION_DATA`,
      {
        cause: thrown,
      },
    );
  }
}
