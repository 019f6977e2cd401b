/**
 * The errors of workerd's `Ai`, by the names that code looks at. Code outside of this room throws `Problem`; this room is for clients
 * and imports nothing.
 * Source: cloudflare/workerd, src/cloudflare/internal/ai-api.ts and aig-api.ts, seen 2026-11.
 */
function named(name: string): new (message: string, options?: ErrorOptions) => Error {
  return class extends Error {
    override readonly name: string = name;
  };
}

/** A call that could not be sent, or a method that is not served. */
export const AiInternalError = named("AiInternalError");
export const AiGatewayInternalError = named("AiGatewayInternalError");
export const AiGatewayLogNotFound = named("AiGatewayLogNotFound");

/** The server refused or failed: `message` is `"5007: No such model …"`, `name` is what the server says, `AiError`. */
export class InferenceUpstreamError extends Error {
  constructor(message: string, name = "InferenceUpstreamError") {
    super(message);
    this.name = name;
  }
}

/** What a reply's text says it is about, as far as it is JSON that says so. */
export interface ErrorBody {
  readonly internalCode?: number;
  readonly name?: string;
  readonly description?: string;
  readonly errors?: readonly { readonly code?: number; readonly message?: string }[];
}

export function errorBodyOf(text: string): ErrorBody {
  try {
    return Object(JSON.parse(text)) as ErrorBody; // every property is looked at before it is used
  } catch {
    return {};
  }
}
