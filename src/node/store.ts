import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Account, type Ledger, Problem } from "../core/index.ts";
import { openDiskFiles } from "../files/disk/index.ts";
import type { Files } from "../files/index.ts";
import { type Accounts, createAccounts, createLedger, createMemoryReservations, migrate } from "../stores/index.ts";
import { type DataFolderLock, lockDataFolder, makeFolder, openSqliteDatabase } from "../stores/sqlite/index.ts";
import { createVectorIndexes, type VectorIndexes } from "../vectors/index.ts";
import { lockFileIn } from "../weights/index.ts";
import type { Configuration } from "./configuration.ts";
import { localModelsFile } from "./local-models.ts";

/** What is remembered between two runs of the program. */
export interface Store {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly files: Files;
  readonly vectors: VectorIndexes;
  close(): Promise<void>;
}

/**
 * Opens the database, makes it if need be and brings it to the newest version.
 *
 * @throws Problem `bad-setting`
 */
export async function openStore({ data, database: file, fileDays, standIns }: Configuration): Promise<Store> {
  for (const folder of [data, dirname(file)]) makeDataFolder(folder);
  const files = await openDiskFiles({ folder: join(data, "files"), ...(fileDays > 0 && { expiresAfter: fileDays * 86_400_000 }) });
  const database = await openSqliteDatabase(file);
  try {
    await migrate(database);
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
  // Beside the ledger and not in it: a search reads many megabytes, and bookings do not wait for it.
  const vectors = createVectorIndexes({ open: () => openSqliteDatabase(join(data, "vectors.db")), makeThemselves: standIns });
  return {
    accounts: createAccounts({ database, sha256: (text) => hash("sha256", text) }),
    ledger: createLedger({ database, reservations: createMemoryReservations({ database }) }),
    files,
    vectors,
    async close() {
      await vectors.close();
      await database.close();
    },
  };
}

/**
 * For commands that tell what is there: a name that is written wrong must make nothing.
 *
 * @throws Problem `not-found` where nothing of Ganglion is
 */
export function checkData({ data, database }: Configuration): void {
  if ([database, localModelsFile(data), lockFileIn(data)].some((file) => existsSync(file))) return;
  throw new Problem("not-found", `there is no Ganglion data in ${data}; GANGLION_DATA or --data names another folder`);
}

/** Only its owner may look into it: prompts are not in there, but who asked for what is. @throws Problem `bad-setting` */
export function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (thrown) {
    throw new Problem("bad-setting", `the folder ${folder} cannot be made: give this user the right to, or set GANGLION_DATA`, {
      cause: thrown,
    });
  }
}

/**
 * Reservations are in this process's memory, so it must be the only one that makes any: it takes the data folder, and the folder of
 * the database where that is another.
 *
 * @throws Problem `bad-setting` where another process has them
 */
export function lockStore({ data, database }: Configuration): DataFolderLock {
  const first = lockDataFolder(data);
  if (dirname(database) === data) return first;
  try {
    const second = lockDataFolder(dirname(database));
    return {
      release() {
        second.release();
        first.release();
      },
    };
  } catch (thrown) {
    first.release();
    throw thrown;
  }
}

/** The account that the command line works for, on the plan that is set; made if there is none. */
export async function firstAccount(accounts: Accounts, { accountId, plan }: Configuration): Promise<Account> {
  const [oldest] = await accounts.list();
  if (!oldest) return accounts.create({ name: "first", plan: plan ?? "unlimited", id: accountId });
  return plan === undefined || plan === oldest.plan ? oldest : accounts.setPlan(oldest.id, plan);
}

/** `id` where one was asked for, else the first account. */
export async function accountOf(accounts: Accounts, configuration: Configuration, id: string | undefined): Promise<Account> {
  if (id === undefined) return firstAccount(accounts, configuration);
  const found = await accounts.find(id);
  if (!found) throw new Problem("not-found", `there is no account ${id.slice(0, 64)}; \`ganglion accounts list\` shows them`);
  return found;
}
