import type { Problem } from "../../core/index.ts";
import type { ProblemReply, Words } from "../route.ts";

/**
 * Cloudflare's codes where one was seen in public reports; its documentation has no list of them.
 * Source: developers.cloudflare.com/vectorize, and reports of `VECTOR_QUERY_ERROR (code = 40006)`, collected 2026-11.
 */
export const words: Words<number> = {
  "bad-input": [400, 40006],
  "context-exceeded": [400, 40006],
  "json-mode-unmet": [400, 40006],
  "too-large": [413, 3006],
  unauthorized: [401, 10000],
  forbidden: [403, 10000],
  "unknown-model": [400, 40006],
  "unknown-route": [404, 7000],
  "wrong-method": [405, 7001],
  "not-found": [404, 3000],
  "task-unsupported": [400, 40006],
  "weights-missing": [400, 40006],
  "model-retired": [400, 40006],
  "plan-required": [403, 10000],
  "over-budget": [429, 4006],
  "rate-limited": [429, 3040],
  "at-capacity": [429, 3040],
  "timed-out": [408, 3007],
  "engine-failed": [503, 3043],
  "store-failed": [503, 3043],
  "bad-setting": [503, 3043],
};

export function restProblem({ code, message }: Problem): ProblemReply {
  const [status, number] = words[code];
  return { status, body: { result: null, success: false, errors: [{ code: number, message }], messages: [] } };
}

/** What workerd makes `VECTOR_QUERY_ERROR (code = 40006): …` of. Source: cloudflare/workerd, src/cloudflare/internal/vectorize-api.ts. */
export function bindingProblem({ code, message }: Problem): ProblemReply {
  const [status, number] = words[code];
  return { status, body: { error: message, code: number } };
}
