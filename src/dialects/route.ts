import type * as z from "zod";
import type { Authenticator, Caller, Ledger, LoadedModels, Models, Permission, Problem, ProblemCode, TaskId } from "../core/index.ts";
import type { Documents } from "../documents/index.ts";
import type { Files } from "../files/index.ts";
import type { Gateway } from "../gateway/index.ts";
import type { VectorIndexes } from "../vectors/index.ts";
import type { Body } from "./body.ts";

/** What routes work with, made once by a composition root. */
export interface Services {
  readonly gateway: Gateway;
  readonly models: Models;
  /** What is in the memory of this machine; absent: no model runs on it. */
  readonly loaded?: LoadedModels;
  readonly ledger: Ledger;
  /** Absent: this server keeps no vectors. */
  readonly vectors?: VectorIndexes;
  /** Absent: this server converts no documents. */
  readonly documents?: Documents;
  readonly accounts: Authenticator;
  /** Whether a picture may be asked for by opening an address; off, for anything that follows links would pay for pictures. */
  readonly imageDebugGet: boolean;
  /** Pictures that answers point to. */
  readonly files: Files;
  /** Where clients reach this server, for the addresses of files; undefined: where the request came to. */
  readonly publicUrl: string | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A UUID. */
  readonly newId: () => string;
  readonly log: (entry: RequestLog) => void;
  /** The model of a task on routes whose clients name none; `moderation` is one that says whether texts are harmful. */
  readonly defaultModel: (purpose: TaskId | "moderation") => string;
  /** Largest request body in bytes. */
  readonly bodyLimit: number;
}

/** One line per request. It has no place for a prompt, an answer or a secret. */
export interface RequestLog {
  readonly id: string;
  readonly method: string;
  /** The route's pattern, not the path that was asked. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly accountId: string | undefined;
  readonly problem: ProblemCode | undefined;
  /** What a library or an engine said; for the log only. */
  readonly cause: unknown;
}

export interface RouteRequest<B> extends Services {
  /** Unique; `x-request-id` of the reply and key of the ledger row. */
  readonly id: string;
  readonly at: number;
  readonly caller: Caller;
  /** Parsed by the route's `body`; undefined where it has none. */
  readonly body: B;
  /** The body as it came, for routes whose schema depends on the model. */
  readonly raw: Body;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** As it was asked for; the host is the client's claim. */
  readonly url: URL;
  readonly header: (name: string) => string | undefined;
  /** Headers that the reply will have beside its own: a stream may add to them until its first event. */
  readonly replyHeaders: Record<string, string>;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

export type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
} & (
  | { readonly json: unknown }
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }
  | { readonly events: AsyncIterable<string>; /** An event that says nothing. */ readonly idle: string }
);

/** An endpoint as a value: `mount` serves it, `openapi` prints it, tests walk it. */
export interface Route<B extends z.ZodType = z.ZodType> {
  readonly method: "get" | "post" | "patch" | "delete";
  /** `:name` is a segment, `:name{.+}` the rest of the path. */
  readonly path: string;
  readonly summary: string;
  readonly permission: Permission;
  /** Where the secret is on this route, if elsewhere than on the others of its dialect. */
  readonly credential?: (source: CredentialSource) => string | undefined;
  /** Schema of a JSON body. Absent with `post`: the handler reads `raw`. */
  readonly body?: B;
  readonly query?: z.ZodObject;
  /** Schema of a JSON reply. */
  readonly reply: z.ZodType;
  /** The reply may also be a stream of server-sent events, or bytes of this media type. */
  readonly also?: readonly string[];
  handle(request: RouteRequest<z.output<B>>): Promise<Reply>;
}

/** Ties the type of `body` to the handler. */
export function route<B extends z.ZodType>(definition: Route<B>): Route {
  return definition as unknown as Route; // mount hands `handle` what `body` parsed
}

export type CredentialSource = Pick<RouteRequest<unknown>, "header" | "query" | "params">;

/** An API that clients speak. */
export interface Dialect {
  readonly name: string;
  /** The routes are served under each of these. */
  readonly prefixes: readonly string[];
  readonly routes: readonly Route[];
  /** Largest body in bytes, where that is less than the server's. */
  readonly bodyLimit?: number;
  /** Where the secret is; absent: `Authorization: Bearer`, or Cloudflare's older `X-Auth-Key`. */
  readonly credential?: (source: CredentialSource) => string | undefined;
  /** How a Problem sounds in this API, before an answer has begun. */
  problem(problem: Problem, id: string): ProblemReply;
  /** Status and code of a Problem, for the documentation. */
  sound(code: ProblemCode): string;
  /** The event that a Problem becomes when a stream has begun. */
  problemEvent(problem: Problem, id: string): string;
}

export interface ProblemReply {
  readonly status: number;
  readonly body: unknown;
}

/** HTTP status and the API's own word. A new ProblemCode compiles only once every dialect has words for it. */
export type Words<Word> = Readonly<Record<ProblemCode, readonly [status: number, word: Word]>>;
