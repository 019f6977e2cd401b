import { Problem } from "../../core/index.ts";

/**
 * Where wrangler up to 4.35 sends what a binding asks, whatever its method. The bindings' routes are served below it too, so that the
 * account in the path is checked.
 */
export const proxyPath = "/client/v4/accounts/:account/ai/run/proxy";

/** Paths at which a request is wrapped in another one. */
export const carrierPaths = ["/mf", proxyPath] as const;

/** The made-up hosts that bindings ask, and where their routes are. */
const routesOf: Readonly<Record<string, (carrier: URL, binding: string) => string>> = {
  "workers-binding.ai": () => "",
  "vector-search": (carrier, binding) => `/vectorize/${encodeURIComponent(indexOf(carrier, binding))}`,
};

/** A vector index has no name in what is asked of it, so the carrier has it: `/mf?index=NAME`, or `/mf?index.BINDING=NAME` for several. */
function indexOf({ searchParams }: URL, binding: string): string {
  return searchParams.get(`index.${binding}`) ?? searchParams.get("index") ?? "";
}

/** These belong to the connection or to the carrier, and are never taken from what is carried. */
const ofTheCarrier = new Set([
  "authorization",
  "connection",
  "content-length",
  "cookie",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-auth-key",
]);

/**
 * The request of a binding that came wrapped in another one: Miniflare's remote bindings send its address as `MF-URL` and its headers
 * as `MF-Header-*`; wrangler up to 4.35 sends the address as `X-Forwarded` and the headers as they were. The token is the carrier's:
 * its header, or, for Miniflare, which can send none, `token` in its query.
 *
 * Source: cloudflare/workers-sdk, packages/miniflare remote-proxy-client.worker.ts and packages/wrangler/src/ai/fetcher.ts, seen 2026-11.
 *
 * @returns undefined where nothing is carried
 * @throws Problem for an address that is no binding's
 */
export function carriedRequest(carrier: Request): Request | undefined {
  const address = new URL(carrier.url);
  const ofMiniflare = carrier.headers.get("mf-url");
  const carried = ofMiniflare ?? carrier.headers.get("x-forwarded");
  if (carried === null) return undefined;
  const target = URL.canParse(carried) ? new URL(carried) : undefined;
  const routes = target && Object.hasOwn(routesOf, target.hostname) ? routesOf[target.hostname] : undefined;
  if (!target || !routes) {
    throw new Problem(
      "unknown-route",
      "only requests of an AI or a Vectorize binding are taken here, to https://workers-binding.ai or http://vector-search",
    );
  }
  const below = (ofMiniflare === null ? address.pathname : "") + routes(address, carrier.headers.get("mf-binding") ?? "");
  const hasBody = carrier.method !== "GET" && carrier.method !== "HEAD";
  return new Request(`${address.origin}${below}${target.pathname}${target.search}`, {
    method: carrier.method,
    headers: ofMiniflare === null ? wranglerHeaders(carrier.headers) : miniflareHeaders(carrier.headers, address.searchParams.get("token")),
    signal: carrier.signal,
    ...(hasBody && { body: carrier.body, duplex: "half" }),
  });
}

function wranglerHeaders(sent: Headers): Headers {
  const headers = new Headers(sent);
  headers.delete("x-forwarded"); // what is carried carries nothing
  return headers;
}

function miniflareHeaders(sent: Headers, tokenInQuery: string | null): Headers {
  const headers = new Headers();
  for (const [name, value] of sent) {
    const carried = /^mf-header-(.+)$/.exec(name)?.[1];
    if (carried !== undefined && !ofTheCarrier.has(carried) && !carried.startsWith("mf-")) headers.set(carried, value);
  }
  for (const name of ["authorization", "content-length"]) {
    const value = sent.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (tokenInQuery !== null && !headers.has("authorization")) headers.set("authorization", `Bearer ${tokenInQuery}`);
  return headers;
}
