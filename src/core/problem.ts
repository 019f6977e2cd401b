/** What can go wrong, once for the whole system. An engine or the gateway says which; a dialect says how it sounds. */
export const problems = {
  "bad-input": { retry: false, means: "the request does not fit what the route or the model takes; `field` says where" },
  "context-exceeded": { retry: false, means: "prompt and `max_tokens` together are more than the model's context window" },
  "json-mode-unmet": { retry: false, means: "no answer of the model would fit the JSON schema, or the schema cannot be used" },
  "too-large": { retry: false, means: "the request body is larger than `limitBytes`" },
  unauthorized: { retry: false, means: "no token, or one that nobody has" },
  forbidden: { retry: false, means: "the token may not do this, or not in this account" },
  "unknown-model": { retry: false, means: "no model has this name" },
  "unknown-route": { retry: false, means: "nothing is served at this path" },
  "wrong-method": { retry: false, means: "the path is served, with another method" },
  "not-found": { retry: false, means: "no such object, or it is another account's" },
  "task-unsupported": { retry: false, means: "the model exists, but does another kind of work than the route asks for" },
  "weights-missing": { retry: false, means: "the model is known, but its files are not here; `files` names them" },
  "model-retired": { retry: false, means: "the model is past its retirement date, and this server refuses such models" },
  "plan-required": { retry: false, means: "the account's plan does not include this model" },
  "over-budget": { retry: false, means: "the account's neurons are spent, or the rest is less than this call may cost" },
  "rate-limited": { retry: true, means: "the account has made its requests of this minute" },
  "at-capacity": { retry: true, means: "no slot is free now; a moment later one may be" },
  "timed-out": { retry: true, means: "the call did not end before its deadline" },
  "engine-failed": { retry: true, means: "the engine broke a promise or died; `cause` holds what it threw" },
  "store-failed": { retry: true, means: "the ledger could not be written, so nothing is answered" },
  "bad-setting": { retry: false, means: "the server cannot start or be changed as asked; the message says what to mend" },
} as const satisfies Record<string, { retry: boolean; means: string }>;

export type ProblemCode = keyof typeof problems;

/** A file that a model needs. `bytes` where a listing has told us. */
export interface NeededFile {
  readonly name: string;
  readonly bytes?: number;
}

interface Details {
  "bad-input": { field?: string };
  "context-exceeded": { field?: string; contextTokens: number; inputTokens: number; maxTokensThatFit: number };
  "too-large": { limitBytes: number };
  unauthorized: { sent: "nothing" | "malformed" | "unknown" };
  "wrong-method": { allowed: readonly string[] };
  "weights-missing": { files: readonly NeededFile[] };
  "over-budget": { microneuronsLeft: number; resetsAt: number; maxTokensThatFit?: number };
  "rate-limited": { retryAfterSeconds: number };
  "at-capacity": { retryAfterSeconds?: number };
  "engine-failed": { retryAfterSeconds?: number };
}

/** The facts that a dialect may need beside the sentence, typed per code. Never secrets, never prompts. */
export type ProblemDetails<C extends ProblemCode = ProblemCode> = C extends keyof Details ? Details[C] : Record<string, never>;

export interface ProblemOptions<C extends ProblemCode> {
  readonly details?: ProblemDetails<C>;
  readonly cause?: unknown;
}

/**
 * The only error that this system throws.
 *
 * The message names the thing and the way out, and is shown to clients: it holds no secret, no prompt and no text of a library.
 * What a library said goes into `cause`, which is logged and never sent.
 */
export class Problem<C extends ProblemCode = ProblemCode> extends Error {
  readonly code: C;
  readonly details: ProblemDetails<C> | undefined;

  constructor(code: C, message: string, options: ProblemOptions<C> = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.details = options.details;
  }

  /** Whether the same call may succeed a moment later or on another engine. */
  get retry(): boolean {
    return problems[this.code].retry;
  }

  /** A Problem as it is; anything else as `engine-failed` with the thrown thing as its cause. */
  static from(thrown: unknown, message = "the engine failed; the server's log says why"): Problem {
    return thrown instanceof Problem ? thrown : new Problem("engine-failed", message, { cause: thrown });
  }

  /** The details, where the code is the one asked for. */
  static detailsOf<C extends ProblemCode>(problem: Problem, code: C): ProblemDetails<C> | undefined {
    return problem.code === code ? (problem.details as ProblemDetails<C> | undefined) : undefined; // the constructor ties details to code
  }
}
