import type { Context, Hono } from "hono";
import * as z from "zod";
import { type Caller, parseSent, type Permission, Problem } from "../core/index.ts";
import { type Body, problemOfZod, readBody } from "./body.ts";
import type { CredentialSource, Dialect, Reply, Route, Services } from "./route.ts";
import { eventStream, eventStreamHeaders } from "./sse.ts";

/** Serves a dialect. Reading, authentication and turning what was thrown into a reply happen here, once, for every route. */
export function mount(app: Hono, dialect: Dialect, services: Services): void {
  for (const prefix of dialect.prefixes) {
    for (const route of dialect.routes) {
      const path = prefix + route.path;
      app.on(route.method.toUpperCase(), path, (context) => serve(context, path, route, dialect, services));
    }
  }
}

const noBody: Body = {
  bytes: new Uint8Array(),
  mediaType: undefined,
  looksLikeJson: false,
  json: async () => {
    throw new Problem("bad-input", "the request has no body");
  },
  form: async () => {
    throw new Problem("bad-input", "the request has no body");
  },
};

async function serve(context: Context, path: string, route: Route, dialect: Dialect, services: Services): Promise<Response> {
  const at = services.now();
  const id = services.newId();
  const { raw: request } = context.req;
  const leaving = new AbortController();
  let caller: Caller | undefined;

  const finished = (status: number, thrown?: unknown) => {
    const problem = thrown === undefined ? undefined : problemOf(thrown);
    services.log({
      id,
      method: context.req.method,
      route: path,
      status,
      milliseconds: services.now() - at,
      accountId: caller?.account.id,
      problem: problem?.code,
      cause: problem?.cause,
    });
  };

  try {
    const url = new URL(request.url);
    const source: CredentialSource = { header: (name) => context.req.header(name), query: url.searchParams, params: context.req.param() };
    caller = await authenticate(source, route.credential ?? dialect.credential, services);
    allow(caller, route.permission, context.req.param("account"));
    const raw =
      route.method === "post" || route.method === "patch"
        ? await readBody(request, Math.min(services.bodyLimit, dialect.bodyLimit ?? Infinity))
        : noBody;
    const body = route.body && parseSent(route.body, await raw.json());
    request.signal.addEventListener("abort", () => leaving.abort());
    if (request.signal.aborted) leaving.abort();
    const added: Record<string, string> = {};
    // What is spread comes last: Node 20 takes a microsecond for each property that is added after it, and this is every request.
    const reply = await route.handle({
      id,
      at,
      caller,
      body,
      raw,
      url,
      replyHeaders: added,
      signal: leaving.signal,
      ...source,
      ...services,
    });
    const response = await respond(reply, id, added, {
      problemEvent: (thrown) => dialect.problemEvent(problemOf(thrown), id),
      ended: (thrown) => finished(200, thrown),
      abort: () => leaving.abort(),
    });
    if (!("events" in reply)) finished(response.status);
    return response;
  } catch (thrown) {
    leaving.abort(); // of several answers one was refused: nobody will see the others
    const response = problemResponse(dialect, problemOf(thrown), id);
    finished(response.status, thrown);
    return response;
  }
}

function problemOf(thrown: unknown): Problem {
  return thrown instanceof z.ZodError ? problemOfZod(thrown) : Problem.from(thrown);
}

async function authenticate(
  source: CredentialSource,
  credential: Dialect["credential"] = bearerOrKey,
  { accounts }: Services,
): Promise<Caller> {
  const secret = credential(source);
  if (secret === undefined) {
    const sent = source.header("authorization") === undefined ? "nothing" : "malformed";
    throw new Problem("unauthorized", "send the API token as Authorization: Bearer TOKEN; `ganglion tokens create` makes one", {
      details: { sent },
    });
  }
  const caller = await accounts.authenticate(secret);
  if (!caller) {
    throw new Problem("unauthorized", "no such API token here; `ganglion tokens create` makes one", { details: { sent: "unknown" } });
  }
  return caller;
}

export function bearerOrKey({ header }: CredentialSource): string | undefined {
  const authorization = header("authorization");
  return authorization === undefined ? header("x-auth-key") : /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
}

/** The account in the path must be the token's: a foreign one and one that never was get the same answer. */
function allow({ account, token }: Caller, permission: Permission, accountInPath: string | undefined): void {
  if (accountInPath !== undefined && accountInPath !== account.id) {
    throw new Problem("forbidden", "the token does not belong to the account in the path; check the account id that the server printed");
  }
  if (!token.permissions.includes(permission) && !token.permissions.includes("admin")) {
    throw new Problem("forbidden", `the token lacks the permission ${permission}; \`ganglion tokens create\` makes one that has it`);
  }
}

type StreamHooks = Pick<Parameters<typeof eventStream>[0], "problemEvent" | "ended" | "abort">;

async function respond(reply: Reply, id: string, added: Record<string, string>, hooks: StreamHooks): Promise<Response> {
  const status = reply.status ?? 200;
  const headers = (mediaType: string) => ({ "content-type": mediaType, ...replyHeaders(id), ...reply.headers });
  if ("json" in reply) return new Response(JSON.stringify(reply.json), { status, headers: headers("application/json") });
  if ("bytes" in reply) return new Response(reply.bytes, { status, headers: headers(reply.mediaType) });
  const body = await eventStream({ events: reply.events, idle: reply.idle, ...hooks });
  return new Response(body, { status, headers: { ...eventStreamHeaders, ...replyHeaders(id), ...reply.headers, ...added } });
}

/** A Problem as a whole reply; clients are told whether to try again and, if soon, when. */
export function problemResponse(dialect: Pick<Dialect, "problem">, problem: Problem, id: string): Response {
  const { status, body } = dialect.problem(problem, id);
  const seconds = problem.details && "retryAfterSeconds" in problem.details ? problem.details.retryAfterSeconds : undefined;
  const allowed = Problem.detailsOf(problem, "wrong-method")?.allowed;
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...replyHeaders(id),
      "content-type": "application/json",
      // Official clients obey retry-after without an upper limit, so only short waits are said.
      ...(problem.retry && seconds !== undefined && { "retry-after": String(Math.min(60, Math.ceil(seconds))) }),
      ...(!problem.retry && { "x-should-retry": "false" }),
      ...(allowed && { allow: allowed.join(", ") }),
    },
  });
}

/** Every reply can be read by a browser on another origin: the token, not the origin, is what is checked. */
export function replyHeaders(id: string): Record<string, string> {
  return {
    "x-request-id": id,
    "cf-ai-req-id": id,
    "access-control-allow-origin": "*",
    "access-control-expose-headers":
      "x-request-id, retry-after, retry-after-ms, x-should-retry, cf-ai-neurons, cf-ai-req-id, ganglion-served-by",
  };
}
