import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { type Peer, startPeer } from "../peer.ts";
import { emptySamples, oneRound, pairs } from "../rounds.ts";
import type { Row, Suite, SuiteOptions } from "../suite.ts";
import type { BareServerCommands, BareServerOptions } from "./bare-server.ts";
import type { Load, LoadCommands, LoadResult, Target } from "./load.ts";
import type { OurServerCommands, OurServerOptions } from "./our-server.ts";

const cases = {
  "whole, 1 client": { stream: false, clients: 1, requests: 2_000 },
  "whole, 32 clients": { stream: false, clients: 32, requests: 6_000 },
  "stream, 1 client": { stream: true, clients: 1, requests: 800 },
  "stream, 32 clients": { stream: true, clients: 32, requests: 2_000 },
} as const;
type Case = keyof typeof cases;
const caseNames = Object.keys(cases) as Case[];

const variants = ["ganglion", "without ledger", "bare hono", "bare hono that reads"] as const;
type Variant = (typeof variants)[number];

interface Sample extends LoadResult {
  /** Microseconds of the server, all threads. */
  readonly cpuPerRequest: number;
}

/** A chat of a usual size: two messages, and an answer of 32 words, which are 32 deltas. */
export function chatBody(stream: boolean, words = 32): string {
  const said = Array.from({ length: words }, (_, i) => ["the", "sun", "goes", "down", "over", "a", "quiet", "sea"][i % 8]).join(" ");
  return JSON.stringify({
    model: "@ganglion/echo",
    messages: [
      { role: "system", content: "You say back what you hear." },
      { role: "user", content: said },
    ],
    stream,
    temperature: 0.7,
    max_tokens: 256,
  });
}

const chatPath = "/v1/chat/completions";

/** What a chat costs beside its model: auth, schema, reservation, durable booking and log, against a handler that does nothing. */
export const chat: Suite = async (options) => {
  const samples = emptySamples<Variant, Case, Sample>(caseNames, variants);
  const load = await startPeer<LoadCommands>("load.js", undefined);
  // New servers for each round, for what a compiler makes of the same code differs from process to process. All of it is compiled before
  // anything is measured: the more code there is, the longer that takes.
  for (let round = 1; round <= options.rounds; round++) {
    options.progress(`chat: round ${round} of ${options.rounds}`);
    const servers = await startServers(options, load);
    for (const server of Object.values(servers)) await warmUp(server, load, options.quick);
    await oneRound(samples, (one, variant) => measure(servers[variant], load, cases[one], options.quick));
    await checkBooked(servers);
    for (const peer of new Set(Object.values(servers).map((server) => server.peer))) await peer.end();
  }
  await load.end();
  return { rows: caseNames.flatMap((one) => rowsOf(one, samples[one])), samples };
};

interface Server {
  readonly peer: Peer<OurServerCommands> | Peer<BareServerCommands>;
  target(stream: boolean): Target;
  sent: number;
}

async function startServers({ folder, profile }: SuiteOptions, load: Peer<LoadCommands>): Promise<Record<Variant, Server>> {
  const ours = await startOurs({ folder, ledger: "durable", profile });
  const free = await startOurs({ folder, ledger: "none", profile });
  const given: BareServerOptions = {
    whole: await load.ask("record", ours.target(false)),
    stream: await load.ask("record", ours.target(true)),
  };
  ours.sent += 2;
  const peer = await startPeer<BareServerCommands>("bare-server.js", given, { profile });
  const port = await peer.ask("port");
  const bare = (prefix: string): Server => ({
    peer,
    sent: 0,
    target: (stream) => ({ port, path: `${prefix}/${stream ? "stream" : "whole"}`, token: "none", body: chatBody(stream) }),
  });
  return { ganglion: ours, "without ledger": free, "bare hono": bare(""), "bare hono that reads": bare("/read") };
}

export async function startOurs({
  folder: parent,
  profile,
  ...options
}: OurServerOptions & Pick<SuiteOptions, "profile">): Promise<Server & { readonly peer: Peer<OurServerCommands> }> {
  const folder = mkdtempSync(join(parent, "server-"));
  const given: OurServerOptions = { ...options, folder };
  const peer = await startPeer<OurServerCommands>("our-server.js", given, { stderr: join(folder, "log"), profile });
  const { port, token } = await peer.ask("address");
  return { peer, sent: 0, target: (stream) => ({ port, path: chatPath, token, body: chatBody(stream) }) };
}

async function warmUp(server: Server, load: Peer<LoadCommands>, quick: boolean): Promise<void> {
  for (const stream of [false, true]) {
    const requests = quick ? 32 : stream ? 3_000 : 6_000;
    await load.ask("run", { ...server.target(stream), clients: 32, requests });
    server.sent += requests;
  }
}

async function measure(server: Server, load: Peer<LoadCommands>, one: (typeof cases)[Case], quick: boolean): Promise<Sample> {
  const requests = quick ? 2 * one.clients : one.requests;
  const request: Load = { ...server.target(one.stream), clients: one.clients, requests };
  const first = { ...request, requests: Math.ceil(requests / 10) };
  await load.ask("run", first); // connections, and whatever slept
  const before = await server.peer.usage();
  const result = await load.ask("run", request);
  const after = await server.peer.usage();
  server.sent += requests + first.requests;
  return { ...result, cpuPerRequest: (after.cpu - before.cpu) / requests };
}

/** A bench of a ledger that books nothing would be a fast one. */
async function checkBooked({ ganglion }: Record<Variant, Server>): Promise<void> {
  const booked = await (ganglion.peer as Peer<OurServerCommands>).ask("booked"); // it is one of ours
  if (booked !== ganglion.sent) throw new Error(`${ganglion.sent} requests were answered, and ${booked} are on the ledger`);
}

function rowsOf(of: Case, samples: Record<Variant, Sample[]>): Row[] {
  const { ganglion: ours, "without ledger": free, "bare hono": bare, "bare hono that reads": reading } = samples;
  const cpu = (one: Sample, other: Sample) => one.cpuPerRequest / other.cpuPerRequest;
  const oneClient = cases[of].clients === 1;
  return [
    { of, what: "CPU / bare hono", unit: "", rounds: pairs(ours, bare, cpu), target: { most: 3 } },
    { of, what: "CPU / bare hono that reads the request", unit: "", rounds: pairs(ours, reading, cpu) },
    { of, what: "CPU / the same without ledger", unit: "", rounds: pairs(ours, free, cpu), target: { most: 1.5 } },
    { of, what: "CPU without ledger / bare hono", unit: "", rounds: pairs(free, bare, cpu) },
    {
      of,
      what: "added p50 of booking",
      unit: "ms",
      rounds: pairs(ours, free, (one, other) => one.p50 - other.p50),
      ...(oneClient && { target: { most: 0.5 } }),
    },
    { of, what: "CPU per request", unit: "us", rounds: ours.map(({ cpuPerRequest }) => cpuPerRequest) },
    { of, what: "CPU per request of bare hono", unit: "us", rounds: bare.map(({ cpuPerRequest }) => cpuPerRequest) },
  ];
}
