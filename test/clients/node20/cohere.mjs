import assert from "node:assert/strict";
import { test } from "node:test";
import { CohereClient, CohereClientV2, CohereError } from "cohere-ai";
import { token, url } from "../judged.mjs";

const client = new CohereClientV2({ token, environment: url, maxRetries: 0 });

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
