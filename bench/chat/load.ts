import { Agent, request } from "node:http";
import { servePeer } from "../peer.ts";
import { summaryOf } from "../rounds.ts";

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  /** JSON. */
  readonly body: string;
}

export interface Load extends Target {
  /** Requests under way at the same time. */
  readonly clients: number;
  readonly requests: number;
}

export interface LoadResult {
  /** Median, from the first byte sent to the last one read, in milliseconds. */
  readonly p50: number;
  readonly requestsPerSecond: number;
}

export interface Recorded {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Answered {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly chunks: readonly Buffer[];
}

/** Sends one request and reads its answer to the end. */
function send(agent: Agent, { port, path, token, body }: Target): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: "127.0.0.1",
        port,
        path,
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, chunks }));
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** What node:http adds by itself, on every server here. */
const ofTheServer = new Set(["date", "connection", "keep-alive", "transfer-encoding", "content-length"]);

async function record(target: Target): Promise<Recorded> {
  const agent = new Agent();
  const { status, headers, chunks } = await send(agent, target);
  const body = Buffer.concat(chunks).toString();
  if (status !== 200) throw new Error(`status ${status}: ${body}`);
  const own = Object.entries(headers).filter(([name]) => !ofTheServer.has(name));
  return { headers: Object.fromEntries(own.map(([name, value]) => [name, String(value)])), body };
}

async function run(load: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.clients });
  const latencies: number[] = [];
  let left = load.requests;
  let bytes: number | undefined;
  async function client(): Promise<void> {
    while (left-- > 0) {
      const began = performance.now();
      const { status, chunks } = await send(agent, load);
      latencies.push(performance.now() - began);
      const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      bytes ??= length;
      if (status !== 200 || length !== bytes) throw new Error(`status ${status}, ${length} bytes where ${bytes} were expected`);
    }
  }
  const began = performance.now();
  await Promise.all(Array.from({ length: load.clients }, client));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { p50: summaryOf(latencies).median, requestsPerSecond: load.requests / seconds };
}

/** Opens streams and leaves them open, until `closeAll`. Resolves when each has had its first bytes. */
const open: (() => void)[] = [];
async function openStreams({ streams, ...target }: Target & { readonly streams: number }): Promise<void> {
  const agent = new Agent({ maxSockets: streams });
  const opened = Array.from(
    { length: streams },
    () =>
      new Promise<void>((resolve, reject) => {
        const { port, path, token, body } = target;
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
        const sent = request({ agent, host: "127.0.0.1", port, path, method: "POST", headers }, (response) => {
          response.once("data", () => resolve());
          response.on("error", () => {}); // it is we who end it
          if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
        });
        sent.on("error", reject);
        sent.end(body);
        open.push(() => sent.destroy());
      }),
  );
  await Promise.all(opened);
}

function closeStreams(): void {
  for (const close of open.splice(0)) close();
}

const commands = { record, run, openStreams, closeStreams };
export type LoadCommands = typeof commands;
servePeer(() => commands);
