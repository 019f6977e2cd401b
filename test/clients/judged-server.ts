import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { startTestServer } from "../server.ts";
import { type Recorded, seenIn, startRecorder } from "./recorder.ts";

export interface UsageToday {
  readonly requests: number;
  readonly neurons: number;
}

/** A server that was started as people start it, behind a recorder. */
export interface JudgedServer {
  /** Where clients ask. */
  readonly url: string;
  readonly accountId: string;
  readonly token: string;
  /** Everything that clients have asked of it, oldest first. */
  readonly requests: readonly Recorded[];
  /** Starts a server with other settings, whose requests count as this one's. */
  another(environment: Readonly<Record<string, string>>): Promise<JudgedServer>;
  usage(): Promise<UsageToday>;
  /** Waits until a call more than before is on the ledger, and says what it cost. */
  costOfNextCall(start: () => Promise<void>): Promise<number>;
  /** Compares what was asked with what is kept in `seen/`; `npx vitest run test/clients -u` writes it anew. */
  expectSeen(client: string, versions: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** The same for all, so that clients of one server can ask another. */
const first = { GANGLION_ACCOUNT_ID: "0123456789abcdef0123456789abcdef", GANGLION_TOKEN: "a-token-for-the-judges" };

/** @param environment settings: `{ GANGLION_PLAN: "free" }` */
export async function startJudgedServer(environment: Readonly<Record<string, string>> = {}): Promise<JudgedServer> {
  const server = await startTestServer({ environment: { ...first, ...environment } });
  const { accountId, token } = server;
  const recorder = await startRecorder(server.url);
  const others: JudgedServer[] = [];

  const usage = async (): Promise<UsageToday> => {
    const path = `/client/v4/accounts/${accountId}/ai/usage`;
    const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
    return ((await response.json()) as { result: UsageToday }).result; // the route's tests hold it to this shape
  };

  return {
    url: recorder.url,
    accountId,
    token,
    requests: recorder.requests,
    async another(settings) {
      const other = await startJudgedServer(settings);
      others.push(other);
      return other;
    },
    usage,
    async costOfNextCall(start) {
      const before = await usage();
      await start();
      const after = await vi.waitFor(
        async () => {
          const now = await usage();
          expect(now.requests).toBeGreaterThan(before.requests);
          return now;
        },
        { timeout: 10_000 },
      );
      return after.neurons - before.neurons;
    },
    async expectSeen(client, versions) {
      const seen = {
        client,
        versions,
        seen: seenIn(
          [recorder, ...others].flatMap(({ requests }) => requests),
          accountId,
        ),
      };
      await expect(`${JSON.stringify(seen, null, 1)}\n`).toMatchFileSnapshot(
        join(import.meta.dirname, "seen", `${client.replaceAll(/\W+/g, "-")}.json`),
      );
    },
    async close() {
      for (const other of others) await other.close();
      await recorder.close();
      await server.stop();
    },
  };
}

/** The version of a package that is installed in a folder. */
export function versionIn(folder: string, name: string): string {
  return (JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as { version: string }).version; // every package has one
}
