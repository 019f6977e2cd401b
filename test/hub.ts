import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HubRepository {
  /** 40 hexadecimal digits. */
  revision: string;
  files: Record<string, Uint8Array>;
  /** Only those who send a token see the files; the listing is open. */
  gated?: boolean;
  /** Listed with these instead of what they are. */
  listedAs?: Record<string, Partial<Record<"size" | "oid", unknown>> & { path?: string }>;
}

export interface HubRequest {
  /** `files`: the host that large files are on. */
  readonly host: "hub" | "files";
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** What goes wrong, as long as it is set. */
export interface HubTroubles {
  /** Requests at the hub that are answered with this first. */
  refusals: { status: number; headers?: Record<string, string> }[];
  /** Bytes after which a body from the file host is cut off, for so many bodies. */
  cut: { after: number; times: number } | undefined;
  /** Bodies from the file host stop, and stay open, once so many bytes in all have been sent. */
  stallAfter: number | undefined;
  /** Changes content on its way. */
  alter: ((content: Uint8Array) => Uint8Array) | undefined;
  noRanges: boolean;
  /** Signed addresses are good for so many requests. */
  addressUses: number;
  /** Where the hub sends those who ask for a large file, instead of its own file host. */
  redirectTo: ((path: string) => string) | undefined;
  /** Entries of a page of a listing. */
  pageSize: number;
  /** Address of the next page of any listing, instead of the right one. */
  nextPage: string | undefined;
  /** Sent instead of any listing. */
  listing: string | undefined;
}

export interface TestHub {
  readonly endpoint: string;
  readonly repositories: Record<string, HubRepository>;
  readonly requests: HubRequest[];
  readonly troubles: HubTroubles;
  /** Bytes that the file host has sent. */
  readonly sentBytes: number;
  close(): Promise<void>;
}

/** As on Hugging Face: small files come from the hub itself, and are known by the id that git gives them. */
const largeFrom = 1_000;
export const testRevision = "0123456789abcdef0123456789abcdef01234567";

/**
 * A model hub on loopback, with its file host on another port, as https://huggingface.co speaks: `GET /api/models/O/N/revision/R`,
 * `…/tree/R?recursive=true` in pages, `GET /O/N/resolve/R/PATH` with a redirect to a signed address for large files, ranges, ETags, and
 * errors by status and `X-Error-Code`.
 */
export async function startHub(repositories: Record<string, HubRepository>): Promise<TestHub> {
  const requests: HubRequest[] = [];
  const troubles: HubTroubles = {
    refusals: [],
    cut: undefined,
    stallAfter: undefined,
    alter: undefined,
    noRanges: false,
    addressUses: Infinity,
    redirectTo: undefined,
    pageSize: 1_000,
    nextPage: undefined,
    listing: undefined,
  };
  const signatures = new Map<string, { content: Uint8Array; uses: number }>();
  let sentBytes = 0;

  const files = createServer((request, response) => {
    note("files", request);
    const signed = signatures.get(request.url ?? "");
    // Amazon's and Google's storage refuse a request that is signed twice: by its address, and by a header.
    if (!signed || request.headers.authorization !== undefined || signed.uses-- <= 0) return refuse(response, 403);
    sendContent(request, response, signed.content, troubles, (bytes) => {
      const left = troubles.stallAfter === undefined ? Infinity : troubles.stallAfter - sentBytes;
      const allowed = Math.max(0, Math.min(bytes, left));
      sentBytes += allowed;
      return allowed;
    });
  });
  const hub = createServer((request, response) => {
    note("hub", request);
    const refusal = troubles.refusals.shift();
    if (refusal) return refuse(response, refusal.status, undefined, refusal.headers);
    const url = new URL(request.url ?? "", "http://hub");
    const [, api, owner, name, what, revision, path] =
      /^(\/api\/models)?\/([^/]+)\/([^/]+)\/(\w+)\/([^/]+)(?:\/(.*))?$/.exec(url.pathname) ?? [];
    const repository = repositories[`${owner}/${name}`];
    if (!repository) return refuse(response, 401, "RepoNotFound");
    if (revision !== "main" && revision !== repository.revision) return refuse(response, 404, "RevisionNotFound");
    if (api !== undefined)
      return sendJson(response, what === "revision" ? { sha: repository.revision, siblings: [] } : undefined, url, repository);
    const content = repository.files[path ?? ""];
    if (!content) return refuse(response, 404, "EntryNotFound");
    if (repository.gated && request.headers.authorization === undefined) return refuse(response, 401, "GatedRepo");
    if (content.length < largeFrom) return sendContent(request, response, content, troubles, (bytes) => bytes);
    const signed = `/${owner}/${name}/${path}?signature=${signatures.size}`;
    signatures.set(signed, { content, uses: troubles.addressUses });
    const location = troubles.redirectTo?.(signed) ?? `${urlOf(files)}${signed}`;
    response.writeHead(302, { location, "x-linked-size": content.length, "x-linked-etag": `"${sha256(content)}"` }).end();
  });

  function note(host: HubRequest["host"], { url = "", headers }: IncomingMessage): void {
    requests.push({ host, path: url, range: headers.range, authorization: headers.authorization });
  }

  function sendJson(response: ServerResponse, json: unknown, url: URL, repository: HubRepository): void {
    const at = Number(url.searchParams.get("cursor") ?? 0);
    const all = Object.entries(repository.files).map(([path, content]) => entryOf(path, content, repository));
    const page = [{ type: "directory", oid: "0".repeat(40), size: 0, path: "onnx" }, ...all].slice(at, at + troubles.pageSize);
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (json === undefined && at + troubles.pageSize <= all.length) {
      const next = new URL(url.pathname + url.search, urlOf(hub));
      next.searchParams.set("cursor", String(at + troubles.pageSize));
      headers["link"] = `<${troubles.nextPage ?? next.href}>; rel="next"`;
    }
    response.writeHead(200, headers).end(json === undefined ? (troubles.listing ?? JSON.stringify(page)) : JSON.stringify(json));
  }

  await Promise.all([listen(hub), listen(files)]);
  return {
    endpoint: urlOf(hub),
    repositories,
    requests,
    troubles,
    get sentBytes() {
      return sentBytes;
    },
    async close() {
      for (const server of [hub, files]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function entryOf(path: string, content: Uint8Array, { listedAs }: HubRepository): object {
  const blob = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
  const lfs = { oid: sha256(content), size: content.length, pointerSize: 130 };
  const entry = { type: "file", oid: blob, size: content.length, path, ...(content.length >= largeFrom && { lfs }) };
  const said = listedAs?.[path];
  if (!said) return entry;
  const { path: otherPath = path, ...facts } = said;
  return { ...entry, path: otherPath, ...facts, ...(content.length >= largeFrom && { lfs: { ...lfs, ...facts } }) };
}

function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  whole: Uint8Array,
  troubles: HubTroubles,
  allow: (bytes: number) => number,
): void {
  const content = troubles.alter?.(whole) ?? whole;
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const ranged = from !== undefined && to !== undefined && !troubles.noRanges;
  const start = ranged ? Number(from) : 0;
  const body = content.subarray(start, ranged ? Number(to) + 1 : content.length);
  response.writeHead(ranged ? 206 : 200, {
    "content-length": body.length,
    etag: `"${sha256(whole)}"`,
    ...(!troubles.noRanges && { "accept-ranges": "bytes" }),
    ...(ranged && { "content-range": `bytes ${start}-${start + body.length - 1}/${content.length}` }),
  });
  response.flushHeaders();
  const { cut } = troubles;
  if (cut && cut.times > 0 && body.length > cut.after) {
    cut.times--;
    response.write(body.subarray(0, allow(cut.after)), () => response.destroy());
    return;
  }
  const allowed = allow(body.length);
  if (allowed === body.length) response.end(body);
  else response.write(body.subarray(0, allowed));
}

function refuse(response: ServerResponse, status: number, code?: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...(code !== undefined && { "x-error-code": code }), ...headers });
  response.end(JSON.stringify({ error: "as the hub says it" }));
}

const digests = new WeakMap<Uint8Array, string>();

function sha256(content: Uint8Array): string {
  const digest = digests.get(content) ?? createHash("sha256").update(content).digest("hex");
  digests.set(content, digest);
  return digest;
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
}
