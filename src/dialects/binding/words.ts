import type { Problem } from "../../core/index.ts";
import type { ProblemReply } from "../route.ts";
import { words } from "../workers-ai/words.ts";

/**
 * What workerd reads: `run` makes `"{internalCode}: {description}"` of it, the other methods take `errors[0].message`.
 * Source: cloudflare/workerd, src/cloudflare/internal/ai-api.ts and aig-api.ts, seen 2026-11.
 */
export function problemReply({ code: problemCode, message }: Problem, requestId: string): ProblemReply {
  const [httpCode, [internalCode, title]] = words[problemCode];
  return {
    status: httpCode,
    body: {
      name: "AiError",
      internalCode,
      httpCode,
      message: `AiError: ${title}: ${message} (${requestId})`,
      description: message,
      requestId,
      errors: [{ code: internalCode, message }],
      success: false,
      result: null,
    },
  };
}
