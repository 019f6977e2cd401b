import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApp, type TestApp } from "../../../test/app.ts";

let app: TestApp;
let indexes: string;
let editor: { authorization: string };
beforeAll(async () => {
  app = await openTestApp();
  indexes = `/client/v4/accounts/${app.accountId}/vectorize/v2/indexes`;
  const { secret } = await app.accounts.createToken({ accountId: app.accountId, name: "editor", permissions: ["run", "edit"] });
  editor = { authorization: `Bearer ${secret}` };
});
afterAll(() => app.close());

const ask = (path: string, json?: unknown) => app.ask(path, json, editor);
const create = (name: string, config: object = { dimensions: 2, metric: "cosine" }) => ask(indexes, { name, config });
const lines = (...vectors: object[]) => vectors.map((vector) => JSON.stringify(vector)).join("\n");
const send = (path: string, body: BodyInit, headers: Record<string, string> = { "content-type": "application/x-ndjson" }) =>
  app.send(path, { method: "POST", body, headers: { ...editor, ...headers } });

const a = { id: "a", values: [1, 0], metadata: { kind: "cat" } };
const b = { id: "b", values: [0, 1], namespace: "n" };

describe("the API", () => {
  it("makes, lists, describes and deletes an index", async () => {
    const made = await create("one");
    const about = {
      name: "one",
      description: "",
      config: { dimensions: 2, metric: "cosine" },
      created_on: expect.stringMatching(/^\d{4}-/) as string,
      modified_on: expect.stringMatching(/^\d{4}-/) as string,
    };
    expect(made).toMatchObject({ status: 200, json: { success: true, errors: [], result: about } });
    expect((await ask(indexes)).json).toMatchObject({ result: [about] });
    expect((await ask(`${indexes}/one`)).json).toMatchObject({ result: about });
    const removed = await app.send(`${indexes}/one`, { method: "DELETE", headers: editor });
    expect(await removed.json()).toMatchObject({ success: true, result: null });
    expect(await ask(`${indexes}/one`)).toMatchObject({ status: 404, json: { success: false, result: null, errors: [{ code: 3000 }] } });
  });

  it("knows the dimensions of a preset", async () => {
    expect((await create("preset", { preset: "@cf/baai/bge-base-en-v1.5" })).json).toMatchObject({
      result: { config: { dimensions: 768, metric: "cosine" } },
    });
  });

  it.each([
    ["a name with a space", { name: "a b", config: { dimensions: 2, metric: "cosine" } }, "/name"],
    ["too many dimensions", { name: "x", config: { dimensions: 2000, metric: "cosine" } }, "dimensions"],
    ["an unknown metric", { name: "x", config: { dimensions: 2, metric: "taxicab" } }, "metric"],
    ["no config", { name: "x" }, "/config"],
  ])("refuses %s", async (_name, body, text) => {
    const { status, json } = await ask(indexes, body);
    expect([status, JSON.stringify(json)]).toEqual([400, expect.stringContaining(text)]);
  });

  it("reads no more lines than it takes, none that is longer than a vector, and stops at the first thing that is wrong in one", async () => {
    await create("hostile");
    const insert = (text: string, query = "") => send(`${indexes}/hostile/insert${query}`, text);
    expect(await (await insert("x\n".repeat(200_000))).text()).toContain("at most 5000 vectors");
    expect(await (await insert("\n \n".repeat(200_000))).text()).toContain("has no vectors");
    const odd = [
      JSON.stringify({ id: "long", values: [1, 0], metadata: { a: "x".repeat(100_000) } }),
      `{"id":"deep","values":[1,0],"metadata":{"a":${"[".repeat(40_000)}${"]".repeat(40_000)}}}`,
      JSON.stringify({ id: "texts", values: Array(1536).fill("a") }),
    ];
    for (const line of odd) expect((await insert(line)).status).toBe(400);
    const kept = await insert([...odd, lines(a)].join("\n"), "?unparsable-behavior=discard");
    expect(kept.status).toBe(200);
    expect((await ask(`${indexes}/hostile/info`)).json).toMatchObject({ result: { vectorCount: 1 } });
  });

  it.each(["cosine", "euclidean", "dot-product"])(
    "takes no number that its vectors cannot hold, so that %s is always a number",
    async (metric) => {
      const name = `numbers-${metric}`;
      await create(name, { dimensions: 3, metric });
      const insert = async (values: readonly number[], id = "x") => (await send(`${indexes}/${name}/insert`, lines({ id, values }))).status;
      for (const value of [1e308, -1e39, 1e18]) expect(await insert([value, 0, 0])).toBe(400);
      for (const [i, value] of [1e17, -1e17, 1e-320, 1e-45, 0, -0].entries()) expect(await insert([value, value, 0], `${i}`)).toBe(200);
      for (const vector of [
        [1, 2, 3],
        [1e17, 1e17, 1e17],
        [1e-45, 0, 0],
        [0, 0, 0],
      ]) {
        const { status, json } = await ask(`${indexes}/${name}/query`, { vector, returnValues: true });
        expect(status).toBe(200);
        const { matches } = (json as { result: { matches: { score: unknown }[] } }).result;
        expect(matches.map(({ score }) => typeof score)).toEqual(Array(5).fill("number"));
      }
      expect((await ask(`${indexes}/${name}/query`, { vector: [1e308, 0, 0] })).status).toBe(400);
    },
  );

  it("takes no name that would be another one when it is read again", async () => {
    await create("names");
    for (const text of ["a\0b", "\ud800"]) {
      for (const vector of [
        { id: text, values: [1, 0] },
        { id: "a", namespace: text, values: [1, 0] },
      ])
        expect((await send(`${indexes}/names/insert`, lines(vector))).status).toBe(400);
      expect((await ask(`${indexes}/names/metadata_index/create`, { propertyName: text, indexType: "string" })).status).toBe(400);
    }
  });

  it("takes vectors as lines, as a file of a form, and says what it did with them", async () => {
    await create("written");
    const inserted = await send(`${indexes}/written/insert`, lines(a));
    const { result } = (await inserted.json()) as { result: { mutationId: string } };
    expect(result.mutationId).toMatch(/^[\da-f-]{36}$/);
    const form = new FormData();
    form.set("vectors", new File([lines(b)], "vectors.ndjson", { type: "application/x-ndjson" }));
    const upserted = await app.send(`${indexes}/written/upsert`, { method: "POST", body: form, headers: editor });
    expect(upserted.status).toBe(200);
    expect((await ask(`${indexes}/written/info`)).json).toMatchObject({
      result: {
        vectorCount: 2,
        dimensions: 2,
        processedUpToDatetime: expect.stringMatching(/Z$/) as string,
        processedUpToMutation: expect.any(String) as string,
      },
    });
    expect((await ask(`${indexes}/written/get_by_ids`, { ids: ["b", "a"] })).json).toMatchObject({
      result: expect.arrayContaining([a, b]) as object[],
    });
    expect((await ask(`${indexes}/written/list?count=1`)).json).toMatchObject({
      result: { count: 1, totalCount: 2, isTruncated: true, vectors: [{ id: "a" }] },
    });
    await ask(`${indexes}/written/delete_by_ids`, { ids: ["a"] });
    expect((await ask(`${indexes}/written/list`)).json).toMatchObject({ result: { vectors: [{ id: "b" }], nextCursor: null } });
  });

  it("refuses all lines for one that is no vector, or leaves that one out", async () => {
    await create("broken");
    for (const broken of ["{", '{"id":"x"}', '{"id":"x","values":["1"]}', `{"id":"${"x".repeat(65)}","values":[1,2]}`]) {
      const refused = await send(`${indexes}/broken/insert`, `${lines(a)}\n${broken}`);
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("line 2 is no vector")]);
      const taken = await send(`${indexes}/broken/insert?unparsable-behavior=discard`, `${broken}\n${lines(b)}`);
      expect(taken.status).toBe(200);
    }
    expect((await ask(`${indexes}/broken/list`)).json).toMatchObject({ result: { vectors: [{ id: "b" }] } });
    expect((await send(`${indexes}/broken/insert`, "")).status).toBe(400);
    expect((await send(`${indexes}/broken/insert`, lines({ ...a, metadata: { text: "x".repeat(10_240) } }))).status).toBe(400);
  });

  it("finds the nearest, by values or by id, with what is asked for", async () => {
    await create("searched");
    await ask(`${indexes}/searched/metadata_index/create`, { propertyName: "kind", indexType: "string" });
    await send(`${indexes}/searched/insert`, lines(a, b));
    const query = async (body: object) => ((await ask(`${indexes}/searched/query`, body)).json as { result: object }).result;
    expect(await query({ vector: [1, 0] })).toEqual({
      count: 2,
      matches: [
        { id: "a", score: 1 },
        { id: "b", score: 0, namespace: "n" },
      ],
    });
    expect(await query({ vectorId: "b", topK: 1, returnValues: true })).toEqual({ count: 1, matches: [{ ...b, score: 1 }] });
    expect(await query({ vector: [1, 0], filter: { kind: "cat" }, returnMetadata: "all" })).toEqual({
      count: 1,
      matches: [{ id: "a", score: 1, metadata: { kind: "cat" } }],
    });
    expect(await query({ vector: [1, 0], namespace: "n" })).toMatchObject({ count: 1 });
    expect((await ask(`${indexes}/searched/metadata_index/list`)).json).toMatchObject({
      result: { metadataIndexes: [{ propertyName: "kind", indexType: "string" }] },
    });
    await ask(`${indexes}/searched/metadata_index/delete`, { propertyName: "kind" });
    expect(await ask(`${indexes}/searched/query`, { vector: [1, 0], filter: { kind: "cat" } })).toMatchObject({ status: 400 });
  });

  it.each([
    ["neither vector nor id", {}, "vectorId"],
    ["another number of dimensions", { vector: [1] }, "expected 2 dimensions, and got 1 dimensions"],
    ["too many matches", { vector: [1, 0], topK: 101 }, "/topK"],
    ["too many matches with values", { vector: [1, 0], topK: 51, returnValues: true }, "at most 50"],
    ["a filter that is empty", { vector: [1, 0], filter: {} }, "one property"],
  ])("refuses a query with %s", async (_name, body, text) => {
    await create("refusing");
    const { status, json } = await ask(`${indexes}/refusing/query`, body);
    expect([status, JSON.stringify(json)]).toEqual([400, expect.stringContaining(text)]);
  });

  it("lets a token that may only run read and search, and not write", async () => {
    await create("guarded");
    expect(await app.ask(`${indexes}/guarded/query`, { vector: [1, 0] })).toMatchObject({ status: 200 });
    expect(await app.ask(indexes, { name: "x", config: { dimensions: 2, metric: "cosine" } })).toMatchObject({ status: 403 });
    expect((await app.send(`${indexes}/guarded/insert`, { method: "POST", body: lines(a) })).status).toBe(403);
  });

  it("shows another account's index to nobody", async () => {
    await create("private");
    const other = await app.accounts.create({ name: "other", plan: "unlimited" });
    const { secret } = await app.accounts.createToken({ accountId: other.id, name: "t", permissions: ["run", "edit"] });
    const theirs = `/client/v4/accounts/${other.id}/vectorize/v2/indexes`;
    for (const name of ["private", "never"]) {
      const reply = await app.ask(`${theirs}/${name}/query`, { vector: [1, 0] }, { authorization: `Bearer ${secret}` });
      expect(reply).toMatchObject({
        status: 404,
        json: { errors: [{ message: expect.stringContaining(`no vector index ${name}`) as string }] },
      });
    }
    expect((await app.ask(theirs, undefined, { authorization: `Bearer ${secret}` })).json).toMatchObject({ result: [] });
  });
});

describe("what env.VECTORIZE sends", () => {
  it("is answered bare, for the index that the carrier names", async () => {
    await create("bound");
    const carried = async (path: string, body?: string, type = "application/json") => {
      const headers = { "mf-url": `http://vector-search/${path}`, "mf-binding": "VECTORIZE", "mf-header-content-type": type };
      const init = body === undefined ? { method: "GET" } : { method: "POST", body };
      const reply = await app.send("/mf?index=bound", { ...init, headers });
      return [reply.status, await reply.json()];
    };
    expect(await carried("insert", lines(a, b), "application/x-ndjson")).toEqual([200, { mutationId: expect.any(String) as string }]);
    expect(await carried("upsert", JSON.stringify({ vectors: [a] }))).toMatchObject([200, {}]);
    expect(await carried("info")).toMatchObject([200, { vectorCount: 2, dimensions: 2 }]);
    expect(await carried("query", JSON.stringify({ vector: [1, 0], topK: 1 }))).toEqual([
      200,
      { count: 1, matches: [{ id: "a", score: 1 }] },
    ]);
    expect(await carried("getByIds", '{"ids":["b"]}')).toEqual([200, [b]]);
    expect(await carried("deleteByIds", '{"ids":["b"]}')).toMatchObject([200, {}]);
    expect(await carried("query", '{"vector":[1]}')).toEqual([
      400,
      { error: expect.stringContaining("expected 2 dimensions") as string, code: 40006 },
    ]);
    expect(await carried("nothing")).toMatchObject([404, { error: expect.any(String) as string }]);
  });

  it("is for the index that the carrier names for its binding", async () => {
    await create("for-one");
    await create("for-two", { dimensions: 3, metric: "cosine" });
    const about = async (binding: string) => {
      const headers = { "mf-url": "http://vector-search/info", "mf-binding": binding };
      return (await (await app.send("/mf?index.ONE=for-one&index.TWO=for-two", { headers })).json()) as object;
    };
    expect([await about("ONE"), await about("TWO")]).toMatchObject([{ dimensions: 2 }, { dimensions: 3 }]);
  });

  it("is refused where the carrier names no index, or one that is not there", async () => {
    for (const path of ["/mf", "/mf?index=never", "/mf?index=../../client"]) {
      const reply = await app.send(path, { headers: { "mf-url": "http://vector-search/info" } });
      expect(reply.status, path).toBe(404);
    }
  });
});
