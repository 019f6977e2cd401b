import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeAccounts, describeDatabase, describeLedger } from "../conformance.ts";
import { createAccounts, createMemoryReservations, createRowReservations, migrate } from "../index.ts";
import { lockDataFolder, openSqliteDatabase } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-"));
afterAll(() => rmSync(folder, { recursive: true }));

let names = 0;
const newPath = (ending = "") => join(folder, `${++names}${ending}`);
const create = () => openSqliteDatabase(newPath(".sqlite"));

describeDatabase("SQLite", { create });
describeAccounts("SQLite", { create });
describeLedger("SQLite, reservations in memory", { create, reservations: createMemoryReservations, processes: 1 });
describeLedger("SQLite, reservations as rows", { create, reservations: createRowReservations, processes: 3 });

async function problemOf(opening: Promise<unknown>): Promise<unknown> {
  return opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

describe("a SQLite file", () => {
  it("that is no database is told from one, with its path and the way out", async () => {
    const file = newPath();
    writeFileSync(file, "Dear diary, today I was mistaken for a database. ".repeat(100));
    expect(await problemOf(openSqliteDatabase(file))).toMatchObject({
      code: "bad-setting",
      message: `${file} is not a SQLite database: move it away, or name another data folder`,
    });
  });

  it("in a folder that is not there cannot be opened, and the sentence says why", async () => {
    const file = join(newPath(), "ganglion.sqlite");
    expect(await problemOf(openSqliteDatabase(file))).toMatchObject({
      code: "bad-setting",
      message: `the database ${file} cannot be opened: its folder must exist and be writable`,
    });
  });

  it("on a full disk fails in one sentence, and goes on when there is space again", async () => {
    const database = await create();
    await migrate(database);
    const accounts = createAccounts({ database });
    await database.query(`PRAGMA max_page_count = 1`); // SQLite then takes the size that the file has, and no page more
    const many = Array.from({ length: 500 }, () => accounts.create({ name: "Ada", plan: "free" }));
    const refused = (await Promise.allSettled(many)).filter((attempt) => attempt.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: "store-failed", message: "the disk of the database is full: free some space on it" });
    }
    await database.query(`PRAGMA max_page_count = 1000`);
    await accounts.create({ name: "Ada", plan: "free" });
    expect(await accounts.list()).toHaveLength(500 - refused.length + 1);
    await database.close();
  });

  it("is read and written by others beside its owner", async () => {
    const file = newPath(".sqlite");
    const [server, commandLine] = [await openSqliteDatabase(file), await openSqliteDatabase(file)];
    await Promise.all([migrate(server), migrate(commandLine)]);
    const { id } = await createAccounts({ database: server }).create({ name: "Ada", plan: "free" });
    expect(await createAccounts({ database: commandLine }).find(id)).toMatchObject({ name: "Ada" });
    const { secret } = await createAccounts({ database: commandLine }).createToken({
      accountId: id,
      name: "a token",
      permissions: ["run"],
    });
    expect(await createAccounts({ database: server }).authenticate(secret)).toMatchObject({ account: { id } });
    await Promise.all([server.close(), commandLine.close()]);
  });

  it("is one file again when it is closed", async () => {
    const inside = mkdtempSync(join(folder, "closed-"));
    const database = await openSqliteDatabase(join(inside, "ganglion.sqlite"));
    await migrate(database);
    await database.close();
    expect(readdirSync(inside)).toEqual(["ganglion.sqlite"]);
  });
});

/** Takes the lock as another process, with the library alone, and says whether it got it. */
const takeLock = (data: string) => `
  const lock = new (require("libsql"))(${JSON.stringify(join(data, "server.lock"))});
  try { lock.exec("BEGIN EXCLUSIVE"); console.log("got it"); } catch ({ code }) { console.log(code); }`;

describe("the lock of a data folder", () => {
  it("makes the folder", () => {
    const data = join(newPath(), "a", "b");
    lockDataFolder(data).release();
    expect(readdirSync(data)).toContain("server.lock");
  });

  it("is held against a second server in this process and in another, until it is released", () => {
    const data = newPath();
    const lock = lockDataFolder(data);
    expect(() => lockDataFolder(data)).toThrow(
      expect.objectContaining({
        code: "bad-setting",
        message: `another server is using ${data}: stop it, or give this one a folder of its own with GANGLION_DATA`,
      }),
    );
    expect(execFileSync(process.execPath, ["-e", takeLock(data)], { encoding: "utf8" })).toBe("SQLITE_BUSY\n");
    lock.release();
    lock.release();
    lockDataFolder(data).release();
  });

  it("dies with a process that is killed", async () => {
    const data = newPath();
    lockDataFolder(data).release();
    const other = spawn(process.execPath, ["-e", `${takeLock(data)}; setInterval(() => {}, 1000)`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(other.stdout, "data");
    expect(() => lockDataFolder(data)).toThrow(/another server/);
    other.kill("SIGKILL");
    await once(other, "exit");
    lockDataFolder(data).release();
  });

  it("says so where the folder cannot be made", () => {
    const file = newPath();
    writeFileSync(file, "");
    expect(() => lockDataFolder(join(file, "data"))).toThrow(
      expect.objectContaining({ code: "bad-setting", message: expect.stringContaining("cannot be made or written") }),
    );
  });
});
