import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createAccounts, migrate, type Database } from "./index.ts";
import { openSqliteDatabase } from "./sqlite/index.ts";

let folder: string;
let database: Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ganglion-"));
  database = await openSqliteDatabase(join(folder, "accounts.sqlite"));
  await migrate(database);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

async function setUp() {
  const state = { queries: 0, at: 0 };
  const counted: Database = {
    ...database,
    query(sql, parameters) {
      state.queries++;
      return database.query(sql, parameters);
    },
  };
  const { id: accountId } = await createAccounts({ database }).create({ name: "Ada", plan: "free" });
  const { secret } = await createAccounts({ database }).createToken({ accountId, name: "a token", permissions: ["run"] });
  return { state, secret, accounts: createAccounts({ database: counted, now: () => state.at }) };
}

it("a known secret costs one query a second, however many ask", async () => {
  const { state, secret, accounts } = await setUp();
  await Promise.all(Array.from({ length: 20 }, () => accounts.authenticate(secret)));
  state.at = 999;
  await accounts.authenticate(secret);
  expect(state.queries).toBe(1);
  state.at = 1_000;
  await Promise.all(Array.from({ length: 20 }, () => accounts.authenticate(secret)));
  expect(state.queries).toBe(2);
});

it("guesses push no known secret out of memory", async () => {
  const { state, secret, accounts } = await setUp();
  await accounts.authenticate(secret);
  await Promise.all(Array.from({ length: 10_100 }, (_, i) => accounts.authenticate(`guess-${i}`)));
  state.queries = 0;
  expect(await accounts.authenticate(secret)).toBeDefined();
  expect(state.queries).toBe(0);
});

it("a token is found whichever of a runtime's hash functions is used", async () => {
  const { secret } = await setUp();
  const accounts = createAccounts({ database, sha256: (text) => hash("sha256", text) });
  expect((await accounts.authenticate(secret))?.token.name).toBe("a token");
});
