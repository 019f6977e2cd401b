import assert from "node:assert/strict";
import { test } from "node:test";
import { CohereClient, CohereClientV2, CohereError } from "cohere-ai";
import { token, url } from "../judged.mjs";

const client = new CohereClientV2({ token, environment: url, maxRetries: 0 });

test("cohere-ai orders texts by a query", async () => {
  const ask = { model: "@ganglion/tiny-rerank", query: "Where do cats sleep?", documents: ["Coal is black.", "A cat sleeps on the sofa."] };
  const answer = await client.rerank({ ...ask, topN: 1 });
  assert.deepEqual(
    answer.results.map(({ index }) => index),
    [1],
  );
  assert.equal(answer.meta.billedUnits.searchUnits, 1);
  const older = await new CohereClient({ token, environment: url }).rerank({ ...ask, returnDocuments: true });
  assert.deepEqual(
    older.results.map(({ index, document }) => [index, document.text]),
    [
      [1, ask.documents[1]],
      [0, ask.documents[0]],
    ],
  );
  assert.ok(older.results[0].relevanceScore > older.results[1].relevanceScore);
});

test("cohere-ai hears what is wrong", async () => {
  const ask = { model: "rerank-v3.5", query: "tea", documents: ["tea", "coal"] };
  for (const refused of [
    client.rerank(ask, { maxRetries: 0 }),
    new CohereClient({ token, environment: url }).rerank(ask, { maxRetries: 0 }),
  ]) {
    await assert.rejects(refused, (thrown) => {
      assert.ok(thrown instanceof CohereError, String(thrown));
      assert.equal(thrown.statusCode, 404);
      assert.match(thrown.message, /GET \/v1\/models/);
      return true;
    });
  }
  const stranger = new CohereClientV2({ token: "nobody-has-this", environment: url });
  await assert.rejects(
    stranger.rerank(ask, { maxRetries: 0 }),
    (thrown) => thrown.statusCode === 401 && /ganglion tokens create/.test(thrown.message),
  );
});
