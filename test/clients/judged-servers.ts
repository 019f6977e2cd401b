import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { startTestServer } from "../server.ts";
import { createRecorder, type Recorded, type Recorder, seenIn } from "./recorder.ts";

/** Servers that were started as people start them: one as it comes, one on the plan `free`. */
export interface JudgedServers {
  /** Whose they all are. */
  readonly accountId: string;
  readonly token: string;
  /** The first server, past all recorders. */
  readonly url: string;
  /** What a call of the first server costs, in neurons; waits until it is on the ledger. */
  costOf(call: () => Promise<void>): Promise<number>;
  /** The way of one client to the servers, on which it is recorded. */
  judge(client: string): Promise<Judge>;
  stop(): Promise<void>;
}

export interface Judge {
  readonly url: string;
  readonly freeUrl: string;
  /** The first server, whose replies come in pieces of three bytes. */
  readonly cutUrl: string;
  /** Everything that the client has asked, oldest first. */
  readonly requests: readonly Recorded[];
  /**
   * Compares what the client has asked with what is kept in `seen/`, from which docs/compatibility.md is made.
   * `npx vitest run test/clients -u` writes it anew.
   */
  expectSeen(versions: Readonly<Record<string, string>>): Promise<void>;
}

const accountId = "0123456789abcdef0123456789abcdef";
const token = "a-token-for-the-judges";

export async function startJudgedServers(): Promise<JudgedServers> {
  const start = (environment: Readonly<Record<string, string>> = {}) =>
    startTestServer({ environment: { GANGLION_ACCOUNT_ID: accountId, GANGLION_TOKEN: token, ...environment } });
  const servers = await Promise.all([start(), start({ GANGLION_PLAN: "free" })]);
  const [server, free] = servers;
  const recorders: Recorder[] = [];

  return {
    accountId,
    token,
    url: server.url,
    async costOf(call) {
      const before = await usageOf(server.url);
      await call();
      const after = await vi.waitFor(
        async () => {
          const now = await usageOf(server.url);
          expect(now.requests).toBeGreaterThan(before.requests);
          return now;
        },
        { timeout: 10_000 },
      );
      return after.neurons - before.neurons;
    },
    async judge(client) {
      const recorder = createRecorder();
      recorders.push(recorder);
      return {
        url: await recorder.before(server),
        freeUrl: await recorder.before(free),
        cutUrl: await recorder.before(server, 3),
        requests: recorder.requests,
        async expectSeen(versions) {
          const text = JSON.stringify({ client, versions, seen: seenIn(recorder.requests, accountId) }, null, 1);
          await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, "seen", `${client.replaceAll(/\W+/g, "-")}.json`));
        },
      };
    },
    async stop() {
      for (const recorder of recorders) await recorder.close();
      await Promise.all(servers.map((one) => one.stop()));
    },
  };
}

interface UsageToday {
  readonly requests: number;
  readonly neurons: number;
}

async function usageOf(url: string): Promise<UsageToday> {
  const response = await fetch(`${url}/client/v4/accounts/${accountId}/ai/usage`, { headers: { authorization: `Bearer ${token}` } });
  return ((await response.json()) as { result: UsageToday }).result; // the route's tests hold it to this shape
}

/** The version of a package that is installed in a folder. */
export function versionIn(folder: string, name: string): string {
  return (JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as { version: string }).version; // every package has one
}
