import { createServer, type IncomingMessage, request as ask, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";

/** One request as a client sent it. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  /** Names only. */
  readonly query: readonly string[];
  /** A JSON body, or the parts of a form by name; undefined where it was neither. */
  readonly body: unknown;
  /** What the server answered; undefined while it has not. */
  status: number | undefined;
  /** Whether the answer was a stream of events. */
  streamed: boolean;
}

export interface Recorder {
  /** Everything that was asked, oldest first. */
  readonly requests: readonly Recorded[];
  /**
   * The URL at which a client is recorded on its way to a server.
   * @param cut hands replies on in pieces of so many bytes, for proxies cut where they like
   */
  before(server: { readonly url: string }, cut?: number): Promise<string>;
  close(): Promise<void>;
}

/** Stands between one client and the servers: hands everything on as it comes, in both directions, and keeps what was asked. */
export function createRecorder(): Recorder {
  const requests: Recorded[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  return {
    requests,
    async before({ url: target }, cut) {
      const server = createServer((request, response) => {
        const recorded = recordOf(request);
        requests.push(recorded);
        forward(request, response, { target, cut, recorded });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      closers.push(() => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port, not on a pipe
    },
    async close() {
      for (const close of closers) await close();
    },
  };
}

function recordOf(request: IncomingMessage): Recorded {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
  const recorded: Recorded = {
    method: request.method ?? "",
    path: decodeURIComponent(pathname),
    query: [...searchParams.keys()],
    body: undefined,
    status: undefined,
    streamed: false,
  };
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    Object.assign(recorded, { body: await fieldsOf(Buffer.concat(chunks), request.headers["content-type"]) });
  });
  return recorded;
}

interface Passage {
  readonly target: string;
  readonly cut: number | undefined;
  readonly recorded: Recorded;
}

function forward(request: IncomingMessage, response: ServerResponse, { target, cut, recorded }: Passage): void {
  const { method, headers } = request;
  const onward = ask(target + request.url, { method, headers }, (answer) => {
    recorded.status = answer.statusCode;
    recorded.streamed = answer.headers["content-type"]?.startsWith("text/event-stream") ?? false;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
    response.flushHeaders();
    (cut === undefined ? answer : answer.compose(piecesOf(cut))).pipe(response);
    answer.on("error", () => response.destroy());
  });
  // Who leaves here leaves there, and the other way round.
  response.on("close", () => onward.destroy());
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

function piecesOf(bytes: number): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (chunks) {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += bytes) {
        yield chunk.subarray(at, at + bytes);
        await setImmediate(); // else they are written as one again
      }
    }
  };
}

/** JSON, or the parts of a form. */
async function fieldsOf(bytes: Buffer, contentType = ""): Promise<unknown> {
  if (contentType.startsWith("multipart/form-data")) {
    const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
    return Object.fromEntries([...form.keys()].map((name) => [name, true]));
  }
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** What a client asked of one path, over all its requests: the form that is kept in `seen/` and printed in docs/compatibility.md. */
export interface Seen {
  readonly request: string;
  readonly statuses: readonly number[];
  readonly streamed: boolean;
  /** Query parameters and paths into JSON bodies that were answered with success. */
  readonly fields: readonly string[];
}

/** Sorted, and without anything that differs from run to run. */
export function seenIn(requests: readonly Recorded[], accountId: string): Seen[] {
  const nameOf = ({ method, path }: Recorded) => `${method} ${path.replaceAll(accountId, "ACCOUNT").replace(/[\w-]{43}/, "NAME")}`; // a link's name is made anew each time
  return sorted(requests.map(nameOf)).map((request) => {
    const all = requests.filter((recorded) => nameOf(recorded) === request);
    const taken = all.filter(({ status }) => status !== undefined && status < 300);
    return {
      request,
      statuses: sorted(all.flatMap(({ status }) => status ?? [])),
      streamed: taken.some(({ streamed }) => streamed),
      fields: sorted(taken.flatMap(({ query, body }) => [...query.map((name) => `?${name}`), ...pathsOf(body)])),
    };
  });
}

/** `messages[].content` and the like, for every key of a JSON value. */
function pathsOf(json: unknown, path = ""): string[] {
  if (Array.isArray(json)) return json.flatMap((item) => pathsOf(item, `${path}[]`));
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    const name = path === "" ? key : `${path}.${key}`;
    return [name, ...pathsOf(value, name)];
  });
}

function sorted<T extends string | number>(items: readonly T[]): T[] {
  return [...new Set(items)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
