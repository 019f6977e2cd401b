import { setTimeout } from "node:timers/promises";
import { createApp } from "../../src/dialects/index.ts";
import { createEchoEngine } from "../../src/engines/echo/index.ts";
import { createPool } from "../../src/gateway/index.ts";
import { readConfiguration } from "../../src/node/configuration.ts";
import { startHttpServer } from "../../src/node/http-server.ts";
import { createLog } from "../../src/node/log.ts";
import { followModels } from "../../src/node/models.ts";
import { createServices } from "../../src/node/services.ts";
import { firstAccount, openStore } from "../../src/node/store.ts";
import { servePeer } from "../peer.ts";
import { createNoLedger } from "./no-ledger.ts";

export interface OurServerOptions {
  readonly folder: string;
  readonly ledger: "durable" | "none";
  /** Milliseconds before each word. */
  readonly pause?: number;
}

export interface Address {
  readonly port: number;
  readonly token: string;
}

/** What `serve` starts, but for the models: the echo engine answers, and the ledger may be left out. */
async function start({ folder, ledger, pause }: OurServerOptions) {
  const token = "a-token-of-the-bench-that-is-long-enough";
  const configuration = readConfiguration({ flags: { data: folder, port: 0, token, log: "json" }, environment: {}, folder });
  const log = createLog(configuration);
  const store = await openStore(configuration);
  const account = await firstAccount(store.accounts, configuration);
  await store.accounts.createToken({ accountId: account.id, name: "first", permissions: ["run", "read", "edit"], secret: token });
  const engine = createEchoEngine(
    pause === undefined ? {} : { pause: (signal) => setTimeout(pause, undefined, { signal }).catch(() => {}) },
  );
  const services = createServices({
    configuration,
    store: ledger === "none" ? { ...store, ledger: createNoLedger() } : store,
    models: followModels(configuration, (thrown) => log.fail("models could not be read", thrown)),
    pool: createPool([{ engine, serves: ({ name }) => name === "@ganglion/echo" }]),
    accounts: store.accounts,
    log: (entry) => log.request(entry),
  });
  const { port } = await startHttpServer({ ...configuration, app: createApp(services) });

  const address: Address = { port, token };
  return {
    address: () => address,
    /** Resolves when no call runs. */
    rest: () => services.gateway.rest(),
    booked: async () => (await store.ledger.usage(account.id, new Date().toISOString().slice(0, 10)))[0]?.requests ?? 0,
  };
}

export type OurServerCommands = Awaited<ReturnType<typeof start>>;
servePeer(start);
