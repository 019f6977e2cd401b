import type { Problem } from "../../core/index.ts";
import type { ProblemReply, Words } from "../route.ts";
import { dataEvent } from "../sse.ts";

/** Source: platform.openai.com/docs/guides/error-codes, and what clients look at, collected 2026-11. */
export const words: Words<readonly [type: string, code: string | null]> = {
  "bad-input": [400, ["invalid_request_error", null]],
  "context-exceeded": [400, ["invalid_request_error", "context_length_exceeded"]],
  "json-mode-unmet": [400, ["invalid_request_error", "json_mode_unmet"]],
  "too-large": [413, ["invalid_request_error", "request_too_large"]],
  unauthorized: [401, ["authentication_error", "invalid_api_key"]],
  forbidden: [403, ["permission_error", "permission_denied"]],
  "unknown-model": [404, ["invalid_request_error", "model_not_found"]],
  "unknown-route": [404, ["invalid_request_error", "unknown_url"]],
  "wrong-method": [405, ["invalid_request_error", "method_not_allowed"]],
  "not-found": [404, ["invalid_request_error", "not_found"]],
  "task-unsupported": [400, ["invalid_request_error", "task_unsupported"]],
  "weights-missing": [404, ["invalid_request_error", "model_not_found"]],
  "model-retired": [404, ["invalid_request_error", "model_not_found"]],
  "plan-required": [403, ["permission_error", "plan_required"]],
  "over-budget": [429, ["insufficient_quota", "insufficient_quota"]],
  "rate-limited": [429, ["rate_limit_error", "rate_limit_exceeded"]],
  "at-capacity": [503, ["server_error", "model_overloaded"]],
  "timed-out": [504, ["server_error", "timeout"]],
  "engine-failed": [503, ["server_error", "engine_failed"]],
  "store-failed": [503, ["server_error", "store_failed"]],
  "bad-setting": [503, ["server_error", "bad_setting"]],
};

/** `error` for OpenAI's clients; the rest is Cloudflare's envelope, for readers of that family on the same route. */
export function problemReply(problem: Problem, _id: string): ProblemReply {
  const [status, [type, code]] = words[problem.code];
  const field = problem.details && "field" in problem.details ? (problem.details.field ?? null) : null;
  const { message } = problem;
  return {
    status,
    body: {
      error: { message, type, param: field === null ? null : field.slice(1).replaceAll("/", "."), code },
      success: false,
      errors: [{ code: status, message }],
      messages: [],
      result: null,
    },
  };
}

/**
 * Said twice, for who hears the one does not hear the other: Open WebUI looks for an error where there are no choices, and One API hands
 * on only what has some. Official clients stop at the first.
 */
export function problemEvent(problem: Problem): string {
  const [, [type, code]] = words[problem.code];
  const error = { message: problem.message, type, param: null, code };
  const choices = [{ index: 0, delta: {}, finish_reason: null }];
  return dataEvent({ error }) + dataEvent({ object: "chat.completion.chunk", choices, error });
}
