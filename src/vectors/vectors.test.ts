import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqliteDatabase } from "../stores/sqlite/index.ts";
import {
  type ClosableVectorIndexes,
  createVectorIndexes,
  type Metric,
  type OpenVectorIndex,
  type Vector,
  type VectorQuery,
} from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-vectors-"));
const open = () => openSqliteDatabase(join(folder, "vectors.db"));
let indexes: ClosableVectorIndexes;
let count = 0;
beforeAll(() => {
  indexes = createVectorIndexes({ open });
});
afterAll(async () => {
  await indexes.close();
  rmSync(folder, { recursive: true });
});

const fresh = (options: { dimensions?: number; metric?: Metric } = {}): Promise<OpenVectorIndex> =>
  indexes.create("me", { name: `index-${count++}`, description: "", dimensions: 2, metric: "cosine", ...options });

const vector = (id: string, values: readonly number[], more: Partial<Vector> = {}): Vector => ({
  id,
  values,
  namespace: undefined,
  metadata: undefined,
  ...more,
});

const near = (values: VectorQuery["near"], more: Partial<VectorQuery> = {}): VectorQuery => ({
  near: values,
  topK: 10,
  namespace: undefined,
  filter: undefined,
  withValues: false,
  withMetadata: "none",
  ...more,
});

const idsOf = async (index: OpenVectorIndex, query: VectorQuery) => (await index.query(query)).map(({ id }) => id);

describe("an index", () => {
  it("is found by its account only, under its name", async () => {
    await indexes.create("me", { name: "mine", description: "d", dimensions: 3, metric: "euclidean" });
    await indexes.create("other", { name: "mine", description: "", dimensions: 2, metric: "cosine" });
    expect((await indexes.open("me", "mine")).about).toMatchObject({ name: "mine", description: "d", dimensions: 3, metric: "euclidean" });
    expect((await indexes.list("other")).map(({ dimensions }) => dimensions)).toEqual([2]);
    for (const [account, name] of [
      ["third", "mine"],
      ["me", "never"],
    ] as const) {
      await expect(indexes.open(account, name)).rejects.toMatchObject({ code: "not-found" });
    }
  });

  it("has a name that no other index of its account has", async () => {
    await indexes.create("me", { name: "twice", description: "", dimensions: 2, metric: "cosine" });
    await expect(indexes.create("me", { name: "twice", description: "", dimensions: 5, metric: "cosine" })).rejects.toMatchObject({
      code: "bad-input",
    });
    expect((await indexes.open("me", "twice")).about.dimensions).toBe(2);
  });

  it("is gone with its vectors when it is removed", async () => {
    const index = await indexes.create("me", { name: "again", description: "", dimensions: 2, metric: "cosine" });
    await index.write([vector("a", [1, 0])], "insert");
    await index.createMetadataIndex({ property: "p", type: "string" });
    await index.remove();
    await expect(indexes.open("me", "again")).rejects.toMatchObject({ code: "not-found" });
    const next = await indexes.create("me", { name: "again", description: "", dimensions: 2, metric: "cosine" });
    expect([(await next.info()).vectors, await next.metadataIndexes()]).toEqual([0, []]);
  });

  it("is there when the file is opened again", async () => {
    await (
      await indexes.create("me", { name: "kept", description: "", dimensions: 2, metric: "cosine" })
    ).write([vector("a", [1, 0])], "insert");
    await indexes.close();
    indexes = createVectorIndexes({ open });
    expect(await (await indexes.open("me", "kept")).find(["a"])).toMatchObject([{ values: [1, 0] }]);
  });

  it("makes itself at the first write where that is so, and can be filtered by everything", async () => {
    await expect(indexes.open("me", "undeclared", 2)).rejects.toMatchObject({ code: "not-found" });
    const easy = createVectorIndexes({ open, makeThemselves: true });
    try {
      await expect(easy.open("me", "undeclared")).rejects.toMatchObject({ code: "not-found" });
      const index = await easy.open("me", "undeclared", 2);
      await index.write(
        [vector("a", [1, 0], { metadata: { deep: { x: 1 } } }), vector("b", [1, 0], { metadata: { deep: { x: 2 } } })],
        "upsert",
      );
      expect(await idsOf(await easy.open("me", "undeclared"), near([1, 0], { filter: { "deep.x": { $gt: 1 } } }))).toEqual(["b"]);
    } finally {
      await easy.close();
    }
  });
});

describe("vectors", () => {
  it("come back as 32-bit numbers, with their namespace and metadata", async () => {
    const index = await fresh();
    const metadata = { text: "naïve 日本 \u0000", list: [1, { a: null }], __proto__x: true };
    await index.write([vector("a", [0.1, -1e-7], { namespace: "n", metadata })], "insert");
    const [found] = await index.find(["a", "never"]);
    expect(found).toMatchObject({ id: "a", namespace: "n", metadata });
    expect(found?.values[0]).toBeCloseTo(0.1, 6);
    expect(found?.values[1]).toBeCloseTo(-1e-7, 12);
  });

  it("stay when one of the same id is inserted, and are replaced whole by an upsert", async () => {
    const index = await fresh();
    await index.write([vector("a", [1, 0], { metadata: { x: 1 }, namespace: "n" })], "insert");
    await index.write([vector("a", [0, 1])], "insert");
    expect(await index.find(["a"])).toEqual([vector("a", [1, 0], { metadata: { x: 1 }, namespace: "n" })]);
    await index.write([vector("a", [0, 1])], "upsert");
    expect(await index.find(["a"])).toEqual([vector("a", [0, 1])]);
    expect((await index.info()).vectors).toBe(1);
  });

  it("are written all or none", async () => {
    const index = await fresh();
    const write = index.write([vector("a", [1, 0]), vector("b", [1, 0, 0])], "insert");
    await expect(write).rejects.toMatchObject({
      code: "bad-input",
      message: 'invalid vector for id="b", expected 2 dimensions, and got 3 dimensions',
    });
    expect(await index.info()).toMatchObject({ vectors: 0, mutationId: undefined, mutatedAt: undefined });
  });

  it("are deleted by id, and each write has an id", async () => {
    const index = await fresh();
    const written = await index.write([vector("a", [1, 0]), vector("b", [1, 0])], "insert");
    expect(await index.info()).toMatchObject({ vectors: 2, mutationId: written });
    const deleted = await index.delete(["a", "never"]);
    expect(await index.info()).toMatchObject({ vectors: 1, mutationId: deleted });
    expect(deleted).not.toBe(written);
  });

  it("are listed in pages that end, each once", async () => {
    const index = await fresh();
    await index.write(
      Array.from({ length: 25 }, (_, i) => vector(`v${i}`, [1, 0])),
      "insert",
    );
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await index.page(10, cursor);
      expect(page.total).toBe(25);
      ids.push(...page.ids);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(ids).size).toBe(25);
    expect(ids).toHaveLength(25);
    await expect(index.page(10, "x")).rejects.toMatchObject({ code: "bad-input" });
  });
});

describe("a query", () => {
  const scoresBy: Record<Metric, (a: readonly number[], b: readonly number[]) => number> = {
    cosine: (a, b) => dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1),
    euclidean: (a, b) => Math.sqrt(a.reduce((sum, x, i) => sum + (x - (b[i] ?? 0)) ** 2, 0)),
    "dot-product": dot,
  };

  it.each(Object.keys(scoresBy) as Metric[])("finds the nearest by %s, as counted by hand", async (metric) => {
    const value = fc.integer({ min: -8, max: 8 }).map((n) => n / 4); // exact in 32 bits
    const values = fc.array(value, { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(values, { minLength: 1, maxLength: 12, selector: String }),
        values,
        fc.integer({ min: 1, max: 5 }),
        async (all, asked, topK) => {
          const index = await fresh({ dimensions: 3, metric });
          await index.write(
            all.map((one, i) => vector(String(i), one)),
            "insert",
          );
          const matches = await index.query(near(asked, { topK }));
          const byHand = all.map((one) => scoresBy[metric](one, asked)).toSorted((a, b) => (metric === "euclidean" ? a - b : b - a));
          expect(matches).toHaveLength(Math.min(topK, all.length));
          matches.forEach(({ id, score }, i) => {
            expect(score).toBeCloseTo(byHand[i] ?? Number.NaN, 4);
            expect(score).toBeCloseTo(scoresBy[metric](all[Number(id)] ?? [], asked), 4);
          });
        },
      ),
      { numRuns: 25 },
    );
  });

  it("can be the id of a vector, and finds that one first", async () => {
    const index = await fresh();
    await index.write([vector("a", [1, 0.1]), vector("b", [0, 1])], "insert");
    expect(await idsOf(index, near("b"))).toEqual(["b", "a"]);
    await expect(index.query(near("never"))).rejects.toMatchObject({ code: "not-found" });
  });

  it("stays in a namespace, where it names one", async () => {
    const index = await fresh();
    await index.write([vector("a", [1, 0], { namespace: "n" }), vector("b", [1, 0]), vector("c", [1, 0], { namespace: "m" })], "insert");
    expect(await idsOf(index, near([1, 0], { namespace: "n" }))).toEqual(["a"]);
    expect(await idsOf(index, near([1, 0]))).toEqual(["a", "b", "c"]);
  });

  it("brings values and metadata where they are asked for", async () => {
    const index = await fresh();
    await index.createMetadataIndex({ property: "a.b", type: "number" });
    const metadata = { a: { b: 1, c: 2 }, d: 3 };
    await index.write([vector("v", [1, 0], { metadata })], "insert");
    expect(await index.query(near([1, 0]))).toEqual([{ id: "v", score: 1, namespace: undefined, values: undefined, metadata: undefined }]);
    expect(await index.query(near([1, 0], { withValues: true, withMetadata: "all" }))).toMatchObject([{ values: [1, 0], metadata }]);
    expect((await index.query(near([1, 0], { withMetadata: "indexed" })))[0]?.metadata).toEqual({ a: { b: 1 } });
  });

  it("refuses another number of dimensions", async () => {
    const index = await fresh();
    await expect(index.query(near([1, 0, 0]))).rejects.toMatchObject({
      message: "invalid query vector, expected 2 dimensions, and got 3 dimensions",
    });
  });
});

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}

describe("a filter", () => {
  const years = [1955, 1960, 1970, undefined];
  let index: OpenVectorIndex;
  beforeAll(async () => {
    index = await fresh();
    await index.createMetadataIndex({ property: "year", type: "number" });
    await index.createMetadataIndex({ property: "genre.name", type: "string" });
    await index.createMetadataIndex({ property: "live", type: "boolean" });
    await index.write(
      years.map((year, i) =>
        vector(`v${i}`, [1, i / 100], {
          metadata: { ...(year && { year }), genre: { name: i % 2 ? "jazz" : "rock" }, live: i < 2, other: i },
        }),
      ),
      "insert",
    );
  });

  it.each([
    [{ year: 1960 }, ["v1"]],
    [{ year: { $eq: 1960 } }, ["v1"]],
    [{ year: { $ne: 1960 } }, ["v0", "v2", "v3"]],
    [{ year: { $in: [1955, 1970, 5] } }, ["v0", "v2"]],
    [{ year: { $nin: [1955, 1970] } }, ["v1", "v3"]],
    [{ year: { $gte: 1960 } }, ["v1", "v2"]],
    [{ year: { $gt: 1955, $lt: 1970 } }, ["v1"]],
    [{ year: { $lte: 1955 } }, ["v0"]],
    [{ year: null }, ["v3"]],
    [{ "genre.name": "jazz" }, ["v1", "v3"]],
    [{ "genre.name": { $gt: "jazz" } }, ["v0", "v2"]],
    [{ live: true }, ["v0", "v1"]],
    [{ live: { $in: [false] } }, ["v2", "v3"]],
    [{ live: true, "genre.name": "jazz" }, ["v1"]],
  ])("%j lets through %j", async (filter, ids) => {
    expect(await idsOf(index, near([1, 0], { filter }))).toEqual(ids);
  });

  it("comes before the number of matches", async () => {
    expect(await idsOf(index, near([1, 0], { filter: { year: 1970 }, topK: 1 }))).toEqual(["v2"]);
  });

  it("sees the first 64 bytes of a string, whole characters", async () => {
    const long = await fresh();
    await long.createMetadataIndex({ property: "text", type: "string" });
    const same = "é".repeat(32);
    await long.write(
      [vector("a", [1, 0], { metadata: { text: `${same}one` } }), vector("b", [1, 0], { metadata: { text: `x${same}` } })],
      "insert",
    );
    expect(await idsOf(long, near([1, 0], { filter: { text: `${same}another` } }))).toEqual(["a"]);
    expect(await idsOf(long, near([1, 0], { filter: { text: `x${"é".repeat(31)}` } }))).toEqual(["b"]);
  });

  it("does not see vectors that were written before its index, until they are written again", async () => {
    const late = await fresh();
    await late.write([vector("a", [1, 0], { metadata: { x: 1 } })], "insert");
    await expect(idsOf(late, near([1, 0], { filter: { x: 1 } }))).rejects.toThrow("there is no metadata index");
    await late.createMetadataIndex({ property: "x", type: "number" });
    expect(await idsOf(late, near([1, 0], { filter: { x: 1 } }))).toEqual([]);
    await late.write([vector("a", [1, 0], { metadata: { x: 1 } })], "upsert");
    expect(await idsOf(late, near([1, 0], { filter: { x: 1 } }))).toEqual(["a"]);
    await late.deleteMetadataIndex("x");
    await expect(idsOf(late, near([1, 0], { filter: { x: 1 } }))).rejects.toMatchObject({ code: "bad-input" });
  });

  it.each([
    [{}, /one property/],
    [{ year: {} }, /compared/],
    [{ year: { $near: 1 } }, /\$near/],
    [{ year: { $in: [] } }, /list of values/],
    [{ year: { $in: 5 } }, /list of values/],
    [{ year: [1] }, /a filter has no/],
    [{ year: "1960" }, /indexed as a number/],
    [{ year: { $eq: { a: 1 } } }, /strings, numbers, booleans or null/],
    [{ 'ye"ar': 1 }, /names in a filter/],
    [{ $year: 1 }, /names in a filter/],
    [{ "": 1 }, /names in a filter/],
    [{ year: { $in: Array(1000).fill(1960) } }, /shorter than 2048 bytes/],
  ])("%j is refused", async (filter, message) => {
    await expect(index.query(near([1, 0], { filter }))).rejects.toMatchObject({
      code: "bad-input",
      message: expect.stringMatching(message) as string,
    });
  });

  it("of any shape is answered or refused, and never fails", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.oneof(fc.constantFrom("year", "live", "genre.name", "__proto__"), fc.string()), fc.jsonValue()),
        async (filter) => {
          const thrown: unknown = await index.query(near([1, 0], { filter })).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          if (thrown !== undefined) expect(thrown).toMatchObject({ code: "bad-input" });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("has at most ten indexes, each property once", async () => {
    const many = await fresh();
    for (let i = 0; i < 10; i++) await many.createMetadataIndex({ property: `p${i}`, type: "string" });
    await expect(many.createMetadataIndex({ property: "p10", type: "string" })).rejects.toMatchObject({ code: "bad-input" });
    await many.deleteMetadataIndex("p0");
    await expect(many.createMetadataIndex({ property: "p1", type: "number" })).rejects.toMatchObject({ code: "bad-input" });
    expect(await many.metadataIndexes()).toHaveLength(9);
  });
});
