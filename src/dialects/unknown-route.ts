import { nearest } from "../core/index.ts";

/** Paths that people type when they mean another one, and what to say. Source: reports of users of gateways, collected 2026-11. */
const nearMisses: readonly (readonly [RegExp, (path: string) => string])[] = [
  [
    /^\/v1\/v1(\/|$)/,
    (path) => `the base URL ends in /v1 and the client adds another; ask for ${path.replace("/v1/v1", "/v1")}, with a base URL without /v1`,
  ],
  [
    /^\/v1\/(run|ai-api|ai-gateway|to-everything)(\/|$)/,
    (path) => `bindings ask for ${path.replace("/v1/", "/")}, with a base URL without /v1`,
  ],
  [/\/ai\/v1\/v1(\/|$)/, (path) => `the base URL ends in /v1 and the client adds another; ask for ${path.replace("/v1/v1", "/v1")}`],
  [/^\/(chat\/completions|completions|embeddings|models)(\/|$)/, (path) => `ask for /v1${path}, with a base URL that ends in /v1`],
  [/\/ai\/(chat\/completions|completions|embeddings)$/, (path) => `ask for ${path.replace("/ai/", "/ai/v1/")}`],
  [
    /^\/client\/v4\/(?!accounts\/|user\/)[^/]+\/ai\//,
    (path) => `accounts/ is missing; ask for ${path.replace("/client/v4/", "/client/v4/accounts/")}`,
  ],
  [/^\/accounts\//, (path) => `ask for /client/v4${path}`],
  [/^\/ai\/run\//, (path) => `ask for /client/v4/accounts/ACCOUNT_ID${path}`],
  [
    /^\/mf$/,
    () =>
      "this is the address for Miniflare's remoteProxyConnectionString, http://127.0.0.1:8686/mf?token=TOKEN, which says by MF-URL what it wants",
  ],
  [/^\/run\//, (path) => `ask for /client/v4/accounts/ACCOUNT_ID/ai${path}`],
  [/^\/v1\/?$/, () => "this is the base URL for OpenAI clients; they ask for /v1/chat/completions and /v1/models below it"],
  [
    /^\/?$/,
    () =>
      "this is the base URL; OpenAI clients ask for /v1/chat/completions, Workers AI clients for /client/v4/accounts/ACCOUNT_ID/ai/run/MODEL",
  ],
];

/** A route's path with the parameters that stand at their places in another one; undefined where those are missing. */
function filledIn(route: string, path: string): string | undefined {
  const segments = path.split("/");
  const filled = route.split("/").map((part, index) => {
    if (!part.startsWith(":")) return part;
    return part.includes("{") ? segments.slice(index).join("/") : (segments[index] ?? "");
  });
  return filled.includes("", 1) ? undefined : filled.join("/");
}

/** A sentence that says what to type instead. */
export function hintFor(path: string, routes: readonly string[]): string {
  const printable = path.replace(/[^\x21-\x7e]/g, "?").slice(0, 200);
  for (const [pattern, hint] of nearMisses) if (pattern.test(printable)) return `nothing is served at ${printable}: ${hint(printable)}`;
  const meant =
    printable.length <= 100
      ? nearest(
          printable,
          routes.flatMap((route) => filledIn(route, printable) ?? []),
        )
      : undefined;
  return meant === undefined
    ? `nothing is served at ${printable}; clients begin with GET /v1/models, POST /v1/chat/completions or /client/v4/accounts/ACCOUNT_ID/ai/run/MODEL`
    : `nothing is served at ${printable}; did you mean ${meant}?`;
}
