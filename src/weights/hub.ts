import * as z from "zod";
import { Problem } from "../core/index.ts";
import { type Attempt, type AttemptOptions, untilDone } from "./attempts.ts";
import { createHubRequests, type HubAddress, type HubAnswer } from "./hub-requests.ts";
import type { ListedFile } from "./listed-file.ts";
import { commit, filePath } from "./names.ts";

/** A model hub that speaks Hugging Face's protocol. Source: huggingface.co/docs/hub/api, and the answers' headers. */
export interface Hub {
  /** For messages. */
  readonly host: string;
  /**
   * The commit that a branch or tag is at now, and the files in it. Those whose names we would not give to a file are left out.
   *
   * @throws Problem `not-found`, `forbidden`, `rate-limited`, `weights-missing`
   */
  list(repository: string, revision: string | undefined, options: AttemptOptions): Promise<Listing>;
  /**
   * Asks for a file's bytes from `start` to before `end`.
   *
   * @param address where the last answer came from; asked first, for it spares the hub
   * @throws Problem `not-found`, `forbidden`
   */
  open(file: RemoteFile, range: ByteRange, address: URL | undefined, signal: AbortSignal): Promise<Attempt<OpenedRange>>;
  close(): Promise<void>;
}

export interface Listing {
  readonly repository: string;
  readonly revision: string;
  readonly files: readonly ListedFile[];
}

export interface RemoteFile extends ListedFile {
  readonly repository: string;
  readonly revision: string;
}

export interface ByteRange {
  readonly start: number;
  /** The first byte that is not in it. */
  readonly end: number;
}

export interface OpenedRange {
  readonly address: URL;
  readonly body: AsyncIterable<Uint8Array> & { destroy(): unknown };
  /** The other side sends the whole file: it was asked for, or no ranges are known there. */
  readonly whole: boolean;
  /** Size, place and, where the hub says it, SHA-256 are as they were listed. */
  readonly asListed: boolean;
}

/** Bytes of JSON that are read at most: the largest listings have some thousand files. */
const mostJson = 16_000_000;
const mostPages = 50;

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const listedFile = z.object({
  type: z.literal("file"),
  path: filePath,
  size: z.int().min(0),
  oid: hex(40).optional(),
  lfs: z.object({ oid: hex(64), size: z.int().min(0) }).optional(),
});
const revisionInfo = z.object({ sha: commit });

export function createHub(address: HubAddress): Hub {
  const requests = createHubRequests(address);
  const { host } = requests;

  async function list(repository: string, revision: string | undefined, options: AttemptOptions): Promise<Listing> {
    const branch = encodeURIComponent(revision ?? "main");
    const about = await readJson(requests.urlOf(`/api/models/${repository}/revision/${branch}`), repository, options);
    const { sha } = checked(revisionInfo, about.json, repository);
    const files: ListedFile[] = [];
    let url: URL | undefined = requests.urlOf(`/api/models/${repository}/tree/${sha}?recursive=true`);
    for (let page = 0; url; page++) {
      if (page >= mostPages) throw unreadable(repository);
      const { json, headers } = await readJson(url, repository, options);
      for (const entry of checked(z.array(z.unknown()), json, repository)) {
        const file = listedFile.safeParse(entry).data;
        const listed = file && toListedFile(file);
        if (listed) files.push(listed);
      }
      url = nextPage(headers["link"], url, repository);
    }
    return { repository, revision: sha, files };
  }

  async function readJson(
    url: URL,
    repository: string,
    options: AttemptOptions,
  ): Promise<{ json: unknown; headers: HubAnswer["headers"] }> {
    return await untilDone(async () => {
      const answer = await answered(url, { accept: "application/json" }, repository, options.signal);
      if (!("done" in answer)) return answer;
      try {
        const bytes = await readLimited(answer.done, repository);
        return { done: { json: JSON.parse(bytes) as unknown, headers: answer.done.headers } };
      } catch (thrown) {
        if (thrown instanceof Problem) throw thrown;
        if (thrown instanceof SyntaxError) throw unreadable(repository);
        options.signal.throwIfAborted();
        return { again: unreachable(host, thrown) };
      }
    }, options);
  }

  async function open(file: RemoteFile, range: ByteRange, known: URL | undefined, signal: AbortSignal): Promise<Attempt<OpenedRange>> {
    const { repository, revision, path, bytes } = file;
    const part = range.start > 0 || range.end < bytes;
    const headers: Record<string, string> = part ? { range: `bytes=${range.start}-${range.end - 1}` } : {};
    const fresh = requests.urlOf(`/${repository}/resolve/${revision}/${path}`);
    const answer = await answered(known ?? fresh, headers, repository, signal).catch((thrown: unknown) => {
      // A signed address has its time; the hub gives another one.
      if (known && thrown instanceof Problem && !signal.aborted) return answered(fresh, headers, repository, signal);
      throw thrown;
    });
    if (!("done" in answer)) return answer;
    const { url, status, body } = answer.done;
    return { done: { address: url, body, whole: status === 200, asListed: isAsListed(answer.done, file, range) } };
  }

  /** A good answer; what may be asked again; or a Problem. */
  async function answered(url: URL, headers: Record<string, string>, repository: string, signal: AbortSignal): Promise<Attempt<HubAnswer>> {
    let answer: HubAnswer;
    try {
      answer = await requests.get(url, headers, signal);
    } catch (thrown) {
      if (thrown instanceof Problem) throw thrown;
      signal.throwIfAborted();
      return { again: unreachable(host, thrown) };
    }
    const { status, headers: received } = answer;
    if (status === 200 || status === 206) return { done: answer };
    answer.body.destroy();
    if (status === 429) {
      const afterSeconds = secondsToWait(received);
      return { again: rateLimited(host, afterSeconds, requests.sendsToken), ...(afterSeconds !== undefined && { afterSeconds }) };
    }
    if (status === 408 || status >= 500) {
      const afterSeconds = secondsToWait(received);
      const again = new Problem(
        "weights-missing",
        `${answer.url.host} fails at the moment (status ${status}); pull again later, it goes on from here`,
      );
      return { again, ...(afterSeconds !== undefined && { afterSeconds }) };
    }
    throw refusal(status, received["x-error-code"], repository, host, requests.sendsToken);
  }

  return { host, list, open, close: () => requests.close() };
}

async function readLimited({ body }: HubAnswer, repository: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > mostJson) throw unreadable(repository);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function toListedFile({ path, size, oid, lfs }: z.output<typeof listedFile>): ListedFile | undefined {
  if (lfs) return { path, bytes: lfs.size, digest: `sha256:${lfs.oid}` };
  return oid === undefined ? undefined : { path, bytes: size, digest: `git:${oid}` };
}

function isAsListed({ status, headers, hubHeaders }: HubAnswer, file: RemoteFile, { start, end }: ByteRange): boolean {
  const etag = /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(hubHeaders["x-linked-etag"] ?? "")?.[1];
  if (etag !== undefined && file.digest.startsWith("sha256:") && file.digest !== `sha256:${etag}`) return false;
  if (status === 206) return headers["content-range"] === `bytes ${start}-${end - 1}/${file.bytes}`;
  return headers["content-length"] === undefined || headers["content-length"] === String(file.bytes);
}

/** The next page of a listing is on the same hub: the token goes with the request. */
function nextPage(link: string | undefined, from: URL, repository: string): URL | undefined {
  const address = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (address === undefined) return undefined;
  const to = URL.canParse(address, from) ? new URL(address, from) : undefined;
  if (to?.origin === from.origin) return to;
  throw unreadable(repository);
}

function checked<S extends z.ZodType>(schema: S, json: unknown, repository: string): z.output<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw unreadable(repository);
}

/** `Retry-After` in seconds or as a date, or `RateLimit: "resolvers";r=0;t=55`. Source: huggingface.co/docs/hub/rate-limits. */
function secondsToWait(headers: HubAnswer["headers"]): number | undefined {
  const after = headers["retry-after"];
  if (after !== undefined && /^\d+$/.test(after)) return Number(after);
  const date = Date.parse(after ?? "");
  if (!Number.isNaN(date)) return Math.max(0, Math.ceil((date - Date.now()) / 1000));
  const reset = /;\s*t=(\d+)/.exec(headers["ratelimit"] ?? "")?.[1];
  return reset === undefined ? undefined : Number(reset);
}

function refusal(status: number, code: string | undefined, repository: string, host: string, sentToken: boolean): Problem {
  const page = `https://${host}/${repository}`;
  if (code === "GatedRepo" || (status === 403 && code === undefined)) {
    const then = sentToken ? "with the account that HF_TOKEN belongs to" : "and set HF_TOKEN to a token of your account";
    return new Problem("forbidden", `${repository} is given only to those who agree to its terms: do so at ${page}, ${then}`);
  }
  if (code === "RevisionNotFound" || code === "EntryNotFound") {
    return new Problem("not-found", `${host} has ${repository}, but not this file or revision of it any more`);
  }
  // The hub answers 401 for what is not there as well, so that nobody learns the names of private repositories.
  if (status === 404 || status === 401) {
    const hint = sentToken ? "or HF_TOKEN may not see it" : "or it is private and HF_TOKEN is not set";
    return new Problem("not-found", `${host} has no repository ${repository}, ${hint}`);
  }
  return new Problem("weights-missing", `${host} refuses ${repository} with status ${status}`);
}

function rateLimited(host: string, seconds: number | undefined, sentToken: boolean): Problem {
  const when = seconds === undefined ? "later" : `in ${seconds} seconds`;
  const more = sentToken ? "" : "; with HF_TOKEN set it allows more";
  return new Problem("rate-limited", `${host} has had too many requests: pull again ${when}, it goes on from here${more}`, {
    details: { retryAfterSeconds: seconds ?? 60 },
  });
}

/** What the network says goes into `cause`: its texts name addresses and proxies. */
export function unreachable(host: string, cause: unknown): Problem {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
  const said = typeof code === "string" ? reasons[code] : undefined;
  return new Problem(
    "weights-missing",
    `${host} cannot be reached${said === undefined ? "" : `: ${said}`}; pull again when there is a network (it goes on from here), set HF_ENDPOINT to a mirror, or bring the files by hand and give them a name with \`ganglion add\``,
    { cause },
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no such host, or no network",
  EAI_AGAIN: "no name server answers",
  ECONNREFUSED: "nothing listens there",
  ENETUNREACH: "there is no network",
  EHOSTUNREACH: "there is no way to it",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer",
  UND_ERR_HEADERS_TIMEOUT: "it does not answer",
  UND_ERR_BODY_TIMEOUT: "it fell silent",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is one of its own making; NODE_EXTRA_CA_CERTS names those to trust",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by an authority that is not known here; NODE_EXTRA_CA_CERTS names those to trust",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "its certificate is signed by an authority that is not known here; NODE_EXTRA_CA_CERTS names those to trust",
};

function unreadable(repository: string): Problem {
  return new Problem(
    "weights-missing",
    `the hub's listing of ${repository} cannot be read; see that HF_ENDPOINT is the address of a model hub`,
  );
}
