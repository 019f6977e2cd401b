import { type Problem, type ProblemCode } from "../../core/index.ts";
import type { ProblemReply, Words } from "../route.ts";
import { asciiEvent } from "../sse.ts";

/**
 * Cloudflare's codes: the published ones, and where the service sends others, those.
 * Source: developers.cloudflare.com/workers-ai/platform/errors, and replies captured in public reports, collected 2026-11.
 */
export const words: Words<readonly [code: number, title: string]> = {
  "bad-input": [400, [5006, "Bad input"]],
  "context-exceeded": [400, [5006, "Bad input"]],
  "json-mode-unmet": [400, [5024, "JSON Mode couldn't be met"]],
  "too-large": [413, [3006, "Request too large"]],
  unauthorized: [401, [10000, "Authentication error"]],
  forbidden: [403, [10000, "Authentication error"]],
  "unknown-model": [400, [5007, "No such model"]],
  "unknown-route": [404, [7000, "No route for that URI"]],
  "wrong-method": [405, [7001, "Method not available for that URI"]],
  "not-found": [404, [7002, "Not found"]],
  "task-unsupported": [400, [5007, "No such model or task"]],
  "weights-missing": [400, [5007, "No such model"]],
  "model-retired": [400, [5028, "Model has been deprecated"]],
  "plan-required": [403, [5035, "Model not available on this plan"]],
  "over-budget": [429, [4006, "Account limited"]],
  "rate-limited": [429, [3040, "Rate limited"]],
  "at-capacity": [429, [3040, "Out of capacity"]],
  "timed-out": [408, [3007, "Timeout"]],
  "engine-failed": [503, [3043, "Inference failed"]],
  "store-failed": [503, [3043, "Ledger not available"]],
  "bad-setting": [503, [3043, "Server not set up"]],
};

/** What the API's edge says, before there is an inference: no AiError, and `result` is null. */
const edge: ReadonlySet<ProblemCode> = new Set(["unauthorized", "forbidden", "unknown-route", "wrong-method", "not-found"]);

function entryOf(problem: Problem, id: string): { code: number; message: string; error_chain?: object[] } {
  const [, [code, title]] = words[problem.code];
  if (!edge.has(problem.code)) return { code, message: `AiError: ${title}: ${problem.message} (${id})` };
  return { code, message: `${title}: ${problem.message}` };
}

export function problemReply(problem: Problem, id: string): ProblemReply {
  const [status] = words[problem.code];
  const body = { result: edge.has(problem.code) ? null : {}, success: false, errors: [entryOf(problem, id)], messages: [] };
  if (problem.code !== "unauthorized") return { status, body };
  switch (problem.details && "sent" in problem.details ? problem.details.sent : "unknown") {
    case "nothing":
      return { status: 400, body: { ...body, errors: [{ code: 9106, message: `Missing Authorization header: ${problem.message}` }] } };
    case "malformed": {
      const chain = [{ code: 6111, message: "Invalid format for Authorization header" }];
      return {
        status: 400,
        body: { ...body, errors: [{ code: 6003, message: `Invalid request headers: ${problem.message}`, error_chain: chain }] },
      };
    }
    default:
      return { status, body };
  }
}

/** `response` is there because readers take it from every event. */
export function problemEvent(problem: Problem, id: string): string {
  return asciiEvent({ response: "", errors: [entryOf(problem, id)], success: false });
}
