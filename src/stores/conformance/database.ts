import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../../core/index.ts";
import { migrate, type Database, type Migration } from "../index.ts";
import { describePromises, type Exceptions, type Promises } from "./promises.ts";

export interface DatabaseUnderTest {
  /** A new, empty one. */
  readonly create: () => Promise<Database>;
  readonly except?: Exceptions;
}

const insert = `INSERT INTO things (name, amount) VALUES (?, ?)`;
const select = `SELECT name, amount FROM things ORDER BY name`;

const databasePromises: Promises<Database> = {
  "gives back what was written, as rows by column name": async (database) => {
    await database.query(insert, ["a", 1]);
    await database.query(insert, ["ü 漢 🙂 ' ? $1", null]);
    await database.query(insert, ["", -7]);
    const { rows } = await database.query(select);
    expect(rows).toHaveLength(3);
    for (const row of [
      { name: "a", amount: 1 },
      { name: "ü 漢 🙂 ' ? $1", amount: null },
      { name: "", amount: -7 },
    ])
      expect(rows).toContainEqual(row);
  },
  "keeps integers exact up to 2^53": async (database) => {
    for (const amount of [2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1)]) {
      await database.query(`DELETE FROM things`);
      await database.query(insert, ["a", amount]);
      expect((await database.query(select)).rows).toEqual([{ name: "a", amount }]);
      expect((await database.query(`SELECT CAST(SUM(amount) AS BIGINT) AS total FROM things`)).rows).toEqual([{ total: amount }]);
    }
  },
  "counts the rows that a statement changes": async (database) => {
    await database.batch([
      { sql: insert, parameters: ["a", 1] },
      { sql: insert, parameters: ["b", 1] },
      { sql: insert, parameters: ["c", 2] },
    ]);
    const update = `UPDATE things SET amount = amount + 1 WHERE amount = ?`;
    expect((await database.query(update, [1])).changes).toBe(2);
    expect((await database.query(update, [9])).changes).toBe(0);
    const results = await database.batch([
      { sql: update, parameters: [9] },
      { sql: update, parameters: [2] },
    ]);
    expect(results.map(({ changes }) => changes)).toEqual([0, 3]);
  },
  "gives back what a writing statement returns": async (database) => {
    const { rows, changes } = await database.query(`${insert} RETURNING amount, name`, ["a", 5]);
    expect(rows).toEqual([{ amount: 5, name: "a" }]);
    expect(changes).toBe(1);
  },
  "runs a batch in order, each statement seeing the ones before": async (database) => {
    const results = await database.batch([
      { sql: insert, parameters: ["a", 1] },
      { sql: `UPDATE things SET amount = amount * 10`, parameters: [] },
      { sql: select, parameters: [] },
    ]);
    expect(results.map(({ rows }) => rows)).toEqual([[], [], [{ name: "a", amount: 10 }]]);
  },
  "keeps nothing of a batch that fails": async (database) => {
    const failing = database.batch([
      { sql: insert, parameters: ["a", 1] },
      { sql: insert, parameters: ["b", 2] },
      { sql: insert, parameters: ["a", 3] },
    ]);
    await expect(failing).rejects.toBeInstanceOf(Problem);
    expect((await database.query(select)).rows).toEqual([]);
    await database.batch([{ sql: insert, parameters: ["a", 4] }]);
    expect((await database.query(select)).rows).toEqual([{ name: "a", amount: 4 }]);
  },
  "takes an empty batch": async (database) => {
    expect(await database.batch([])).toEqual([]);
  },
  "answers a broken statement with store-failed in words of its own": async (database) => {
    const thrown: unknown = await database.query(`SELECT secret FROM nowhere`).catch((problem: unknown) => problem);
    expect(thrown).toBeInstanceOf(Problem);
    expect(thrown).toMatchObject({ code: "store-failed" });
    expect(String(thrown)).not.toMatch(/nowhere|secret/);
    expect((await database.query(select)).rows).toEqual([]);
  },
  "answers many at once, each with its own": async (database) => {
    const names = Array.from({ length: 50 }, (_, i) => `name ${i}`);
    await Promise.all(
      names.map((name, i) => (i % 2 ? database.query(insert, [name, i]) : database.batch([{ sql: insert, parameters: [name, i] }]))),
    );
    const answers = await Promise.all(names.map((name) => database.query(`SELECT amount FROM things WHERE name = ?`, [name])));
    expect(answers.map(({ rows }) => rows)).toEqual(names.map((_, amount) => [{ amount }]));
  },
  "takes as many parameters as it says": async (database) => {
    const rows = Math.floor(database.maxParameters / 2);
    const values = Array<string>(rows).fill("(?, ?)").join(", ");
    const parameters = Array.from({ length: rows }, (_, i) => [`name ${i}`, i]).flat();
    expect((await database.query(`INSERT INTO things (name, amount) VALUES ${values}`, parameters)).changes).toBe(rows);
  },
};

/** What every driver of the `Database` seam promises, and migrations over it. */
export function describeDatabase(name: string, { create, except = {} }: DatabaseUnderTest): void {
  describe(`the database ${name}`, () => {
    let database: Database;
    beforeAll(async () => {
      database = await create();
      await database.query(`CREATE TABLE things (name TEXT NOT NULL PRIMARY KEY, amount BIGINT)`);
    });
    beforeEach(async () => void (await database.query(`DELETE FROM things`)));
    afterAll(() => database.close());

    describePromises(databasePromises, except, () => database);

    it("answers store-failed when it is closed, and closes twice", async () => {
      const closing = await create();
      await Promise.all([closing.close(), closing.close()]);
      await expect(closing.query(`SELECT 1 AS one`)).rejects.toMatchObject({ code: "store-failed" });
    });
  });

  describe(`migrations over ${name}`, () => {
    let database: Database;
    beforeEach(async () => void (database = await create()));
    afterEach(() => database.close());

    const one: Migration = { name: "one", statements: [`CREATE TABLE one (a BIGINT)`, `INSERT INTO one VALUES (1)`] };
    const two: Migration = { name: "two", statements: [`INSERT INTO one VALUES (2)`] };
    const broken: Migration = { name: "broken", statements: [`INSERT INTO one VALUES (3)`, `INSERT INTO nowhere VALUES (1)`] };
    const ones = async () => (await database.query(`SELECT a FROM one ORDER BY a`)).rows.map(({ a }) => a);

    it("take each step once, in order", async () => {
      await migrate(database, [one]);
      await migrate(database, [one, two]);
      await migrate(database, [one, two]);
      expect(await ones()).toEqual([1, 2]);
      expect((await database.query(`SELECT version, name FROM migrations ORDER BY version`)).rows).toEqual([
        { version: 1, name: "one" },
        { version: 2, name: "two" },
      ]);
    });
    it("take a step whole or not at all, and again when it is mended", async () => {
      await expect(migrate(database, [one, broken])).rejects.toMatchObject({ code: "store-failed" });
      expect(await ones()).toEqual([1]);
      await migrate(database, [one, two]);
      expect(await ones()).toEqual([1, 2]);
    });
    it("may be made by several at once", async () => {
      await Promise.all([migrate(database), migrate(database), migrate(database)]);
      await migrate(database);
    });
    it("refuse a database that a newer program made, and say so", async () => {
      await migrate(database, [one, two]);
      const thrown: unknown = await migrate(database, [one]).catch((problem: unknown) => problem);
      expect(thrown).toMatchObject({ code: "bad-setting" });
      expect(String(thrown)).toMatch(/newer.*update/);
    });
  });
}
