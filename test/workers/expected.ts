import { expect } from "vitest";
import type { CheckName } from "./project/src/checks.ts";

/** What the checks find, whoever carries `env.AI` to Ganglion. */
export const expected: Record<CheckName, unknown> = {
  "run answers with an object": {
    answer: expect.objectContaining({
      response: "one two",
      usage: { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4, prompt_tokens_details: { cached_tokens: 0 } },
    }),
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    status: 200,
  },
  "any text model of the catalogue answers": { answered: true },
  "run streams events": ["one", " two", ""],
  "run gives a picture as bytes": { signature: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], isLong: true },
  "an error has a name and a code": {
    name: "AiError",
    message: "5007: No such model @cf/never/was or task; GET ai/models/search lists the models",
    status: 400,
    internal: 5007,
  },
  "an error names the field": { name: "AiError", message: expect.stringMatching(/^5006: .*\/prompt/) },
  "models finds models": ["@ganglion/tiny-chat"],
  "toMarkdown converts one file or several": ["# Hi\n\nthere", "error", "there"],
  "toMarkdown().supported() is a list": true,
  "returnRawResponse gives the whole reply": { status: 200, type: "application/json", response: "one two", refused: 400 },
  "a stream goes in": "four words of speech",
  "bytes go in, as an array and as a Uint8Array": ["two words", "two words"],
  "two streams are refused before they are sent": {
    name: "AiInternalError",
    message: "Multiple ReadableStreams are not supported. Found streams in keys: [audio, other]",
  },
  "a gateway changes nothing": { response: "one two", log: null },
  "a gateway has an address": "/v1",
  "a gateway has no logs": ["AiGatewayLogNotFound", "AiGatewayLogNotFound"],
  "fetch passes a request through": "one two",
  "an aborted call throws an AbortError": "AbortError",
};

/** What the checks of a Vectorize binding find. */
export const expectedVectors = {
  mutation: 36,
  about: {
    vectorCount: 3,
    dimensions: 3,
    processedUpToDatetime: expect.any(String) as string,
    processedUpToMutation: expect.any(String) as string,
  },
  nearest: {
    count: 2,
    matches: [
      { id: "cat", score: 1, namespace: "animals" },
      { id: "dog", score: expect.closeTo(Math.SQRT1_2, 5) as number },
    ],
  },
  byId: ["car"],
  filtered: ["cat", "dog"],
  inNamespace: ["cat"],
  whole: { count: 1, matches: [{ id: "cat", score: 1, values: [1, 0, 0], namespace: "animals", metadata: { kind: "pet", legs: 4 } }] },
  got: [{ id: "car", values: [0, 0, 1], metadata: { kind: "thing" } }],
  refused: "VECTOR_QUERY_ERROR (code = 40006): invalid query vector, expected 3 dimensions, and got 1 dimensions",
  left: 0,
};
