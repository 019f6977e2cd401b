import { isIPv4 } from "node:net";
import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { Problem } from "../core/index.ts";

export interface HubAddress {
  /** `https://huggingface.co`, or a mirror; a path before the hub's own paths may follow. */
  readonly endpoint: string;
  readonly token: string | undefined;
}

export interface HubAnswer {
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of the first answer of the hub itself, before any redirect. */
  readonly hubHeaders: Readonly<Record<string, string | undefined>>;
  readonly body: Readable;
}

export interface HubRequests {
  /** For messages. */
  readonly host: string;
  readonly sendsToken: boolean;
  urlOf(path: string): URL;
  /**
   * @throws Problem for a redirect to where we do not go
   * @throws Error of the network
   */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HubAnswer>;
  close(): Promise<void>;
}

const mostRedirects = 5;
/** Milliseconds of silence after which a connection is taken for dead. */
const silence = 60_000;

/**
 * Requests to a hub and to where it sends us: large files are on hosts of their own, by signed addresses. The token goes to the hub and
 * nowhere else, redirects are followed by hand, and a secured connection is never left for an open one.
 *
 * @throws Problem `bad-setting` for an endpoint that is none
 */
export function createHubRequests({ endpoint, token }: HubAddress): HubRequests {
  const base = baseOf(endpoint);
  if (token !== undefined && base.protocol === "http:" && !isLoopback(base)) {
    throw new Problem(
      "bad-setting",
      `HF_TOKEN is not sent to ${base.host} over http: set HF_ENDPOINT to an https address, or unset HF_TOKEN`,
    );
  }
  let client: ReturnType<typeof openClient> | undefined;

  async function get(first: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HubAnswer> {
    const { request, direct, proxied } = await (client ??= openClient());
    let url = first;
    let hubHeaders: HubAnswer["hubHeaders"] | undefined;
    for (let redirects = 0; ; redirects++) {
      const authorization = token !== undefined && url.origin === base.origin ? { authorization: `Bearer ${token}` } : {};
      const dispatcher: Dispatcher = isLoopback(url) ? direct : proxied;
      const sent = { "user-agent": "ganglion", "accept-encoding": "identity", ...headers, ...authorization };
      const answer = await request(url, { dispatcher, headers: sent, signal });
      answer.body.on("error", () => {}); // whoever reads it hears of it; a body that is left unread must not end the process
      const received = single(answer.headers);
      hubHeaders ??= received;
      if (![301, 302, 303, 307, 308].includes(answer.statusCode)) {
        return { url, status: answer.statusCode, headers: received, hubHeaders, body: answer.body };
      }
      await answer.body.dump();
      if (redirects >= mostRedirects)
        throw new Problem("weights-missing", `${base.host} only sends from one address to the next; nothing was kept`);
      url = next(url, received["location"]);
    }
  }

  function next(from: URL, location: string | undefined): URL {
    const to = location === undefined || !URL.canParse(location, from) ? undefined : new URL(location, from);
    const safe =
      to?.protocol === "https:" || to?.origin === base.origin || (to?.protocol === "http:" && isLoopback(to) && isLoopback(base));
    if (to && safe && to.username === "" && to.password === "") return to;
    throw new Problem(
      "weights-missing",
      `${from.host} redirects to ${to?.origin ?? "no address"}, which is not a secured one; nothing was kept`,
    );
  }

  return {
    host: base.host,
    sendsToken: token !== undefined,
    urlOf: (path) => new URL(base.pathname.replace(/\/$/, "") + path, base),
    get,
    async close() {
      const opened = await client;
      await Promise.all([opened?.direct.destroy(), opened?.proxied.destroy()]);
    },
  };
}

/** The library takes 20 MB, and many servers never ask a hub for anything. */
async function openClient() {
  const { Agent, EnvHttpProxyAgent, request } = await import("undici");
  const timeouts = { headersTimeout: silence, bodyTimeout: silence, connectTimeout: 15_000 };
  const proxied = new EnvHttpProxyAgent(timeouts); // as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say
  return { request, direct: new Agent(timeouts), proxied };
}

function baseOf(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url && ["https:", "http:"].includes(url.protocol) && url.username === "" && url.search === "") return url;
  throw new Problem("bad-setting", "HF_ENDPOINT must be the address of a model hub, such as https://huggingface.co");
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."));
}

function single(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
}
