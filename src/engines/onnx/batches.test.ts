import { afterAll, describe, expect, it } from "vitest";
import { ask, problemOf } from "./ask.case.ts";
import { cardOf, graphOfRows, modelFolders, tinyEmbed, wordTokenizer } from "./models.case.ts";
import { createOnnxEngine } from "./onnx.ts";
import type { BatchReport } from "./options.ts";

const folders = modelFolders();
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
  folders.remove();
});

function setUp(batchTokens = 2048) {
  const batches: BatchReport[] = [];
  const engine = createOnnxEngine({ threads: 1, batchTokens, onBatch: (batch) => batches.push(batch) });
  closing.push(() => engine.close());
  const embed = (text: string[], signal = new AbortController().signal) => ask<"text-embeddings">(engine, tinyEmbed, { text }, { signal });
  return { batches, engine, embed };
}

describe("calls that arrive together", () => {
  it("run as one batch, and get what they would get alone", async () => {
    const { batches, embed } = setUp();
    await embed(["loaded"]);
    batches.length = 0;
    const texts = ["a cat", "a dog that barks", "the stock market fell", "hello", "it rains", "my head hurts", "two", "a new planet"];
    const together = await Promise.all(texts.map((text) => embed([text])));
    expect(batches).toMatchObject([{ model: "@ganglion/tiny-embed", texts: 8, calls: 8 }]);
    for (const [i, text] of texts.entries()) {
      const alone = (await embed([text])).output.data[0] ?? [];
      const vector = together[i]?.output.data[0] ?? [];
      expect(Math.max(...vector.map((x, at) => Math.abs(x - (alone[at] ?? 0))))).toBeLessThan(1e-5);
    }
  });

  it("run in the next batch when one is at work", async () => {
    const { batches, embed } = setUp();
    await embed(["loaded"]);
    batches.length = 0;
    const late: Promise<unknown>[] = [];
    const first = embed(["the first"]).then(() => late.push(embed(["two"]), embed(["three"])));
    await first;
    await Promise.all(late);
    expect(batches.map(({ calls }) => calls)).toEqual([1, 2]);
  });

  it("are put together by length, and no batch is larger than its tokens", async () => {
    const { batches, embed } = setUp(64);
    const short = Array.from({ length: 20 }, () => "cat");
    const long = Array.from({ length: 3 }, () => Array.from({ length: 30 }, () => "cat").join(" "));
    await Promise.all([embed(long), embed(short)]);
    for (const { texts, longest } of batches) expect(texts * longest).toBeLessThanOrEqual(64);
    expect(batches).toMatchObject([{ texts: 2, longest: 30 }, { texts: 20 }, { texts: 1, longest: 30 }]);
  });

  it("wait for a turn each: one that brings much holds up none that brings little", async () => {
    const { embed } = setUp(32);
    const order: string[] = [];
    const much = embed(Array.from({ length: 40 }, () => Array.from({ length: 30 }, () => "cat").join(" "))).then(() => order.push("much"));
    const little = embed(["a cat"]).then(() => order.push("little"));
    await Promise.all([much, little]);
    expect(order).toEqual(["little", "much"]);
  });
});

describe("a caller who leaves", () => {
  it("takes the texts that wait out of the queue", async () => {
    const { batches, embed } = setUp(32);
    await embed(["loaded"]);
    batches.length = 0;
    const leaving = new AbortController();
    const left = embed(
      Array.from({ length: 50 }, () => Array.from({ length: 30 }, () => "cat").join(" ")),
      leaving.signal,
    ).catch(() => "left");
    const stays = embed(["a cat"]).then(({ output }) => (leaving.abort(), output.shape));
    expect(await stays).toEqual([1, 512]);
    expect(await left).toBe("left");
    await embed(["the next"]);
    expect(batches.length).toBeLessThan(10);
  });

  it("leaves its batch's other texts to their callers", async () => {
    const { embed } = setUp();
    await embed(["loaded"]);
    const leaving = new AbortController();
    const left = embed(["a dog"], leaving.signal).catch(() => "left");
    const stays = embed(["a cat"]);
    setImmediate(() => leaving.abort());
    expect(await left).toBe("left");
    expect((await stays).output.shape).toEqual([1, 512]);
  });
});

describe("a batch that fails", () => {
  // The vocabulary has a word more than the table has rows.
  const card = cardOf(
    "local/short-table",
    "text-embeddings",
    folders.folder({
      "onnx/model.onnx": graphOfRows({ inputs: ["input_ids"], output: "last_hidden_state", rows: [[0], [0], [1], [1], [1]] }),
      "tokenizer.json": wordTokenizer(["good", "poison"]),
    }),
  );

  it("fails only those whose text was at fault", async () => {
    const { batches, engine } = setUp();
    const call = (text: string) => ask<"text-embeddings">(engine, card, { text: [text] });
    const [good, poison, better] = await Promise.allSettled([call("good"), call("good poison"), call("good good good")]);
    expect(good).toMatchObject({ status: "fulfilled", value: { output: { data: [[1]] } } });
    expect(better).toMatchObject({ status: "fulfilled", value: { output: { data: [[1]] } } });
    expect(poison).toMatchObject({ status: "rejected", reason: { code: "engine-failed" } });
    expect(batches).toMatchObject([{ calls: 3 }]);
  });

  it("is told of without the library's words", async () => {
    const { engine } = setUp();
    const problem = await problemOf<"text-embeddings">(engine, card, { text: ["poison"] });
    expect(problem.message).toBe("local/short-table could not compute this input; the server's log says why");
    expect(problem.cause).toBeInstanceOf(Error);
  });
});

it("stops at the deadline while a call waits", async () => {
  const { engine, embed } = setUp(32);
  await embed(["loaded"]);
  const text = Array.from({ length: 100 }, () => Array.from({ length: 30 }, () => "cat").join(" "));
  const late = ask<"text-embeddings">(engine, tinyEmbed, { text }, { deadline: Date.now() + 20 });
  await expect(late).rejects.toMatchObject({ code: "timed-out" });
});
