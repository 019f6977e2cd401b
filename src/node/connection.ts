import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { type Caller, type Permission, Problem } from "../core/index.ts";
import { createApp } from "../dialects/index.ts";
import type { DataFolderLock } from "../stores/sqlite/index.ts";
import type { Configuration } from "./configuration.ts";
import { createDocuments } from "./documents.ts";
import { createEngines } from "./engines.ts";
import { readModels } from "./models.ts";
import { readServerFile, removeServerFile } from "./server-file.ts";
import { checkSetModels, createServices } from "./services.ts";
import { checkData, firstAccount, lockStore, openStore } from "./store.ts";

/** A way to ask for answers as the first account, over the routes of the HTTP API. */
export interface Connection {
  readonly accountId: string;
  /** Sends a request with the account's token. */
  send(path: string, request: Omit<RequestInit, "headers"> & { readonly headers?: Record<string, string> }): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Asks the server of the data folder where one runs, for only one process may reserve neurons. Where none does, this process is the
 * server for a moment, without a port: the same routes, the same ledger.
 *
 * @throws Problem `bad-setting`
 */
export async function connect(configuration: Configuration): Promise<Connection> {
  const found = await lockOrServer(configuration);
  return "url" in found ? connectTo(found.url, configuration) : connectInProcess(configuration, found.lock);
}

/** Milliseconds to wait for another command that has the data folder. */
const patience = 60_000;

async function lockOrServer(configuration: Configuration): Promise<{ lock: DataFolderLock } | { url: string }> {
  const until = Date.now() + patience;
  for (;;) {
    try {
      return { lock: lockStore(configuration) };
    } catch (thrown) {
      const server = readServerFile(configuration.data);
      if (server) return server;
      if (!isBusy(thrown) || Date.now() > until) throw thrown;
    }
    await setTimeout(100);
  }
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Problem && thrown.cause instanceof Error && Reflect.get(thrown.cause, "code") === "SQLITE_BUSY";
}

async function connectInProcess(configuration: Configuration, lock: DataFolderLock): Promise<Connection> {
  // One that a server left which was killed: who waits for us must not believe it.
  removeServerFile(configuration.data);
  const models = readModels(configuration);
  checkSetModels(configuration, models);
  const store = await openStore(configuration).catch((thrown: unknown) => {
    lock.release();
    throw thrown;
  });
  const account = await firstAccount(store.accounts, configuration);
  const { pool, loaded } = createEngines(configuration, () => {});
  const documents = createDocuments(configuration, () => {});
  const secret = randomUUID();
  const token = {
    id: "command-line",
    accountId: account.id,
    name: "ganglion run",
    permissions: ["run"],
    createdAt: 0,
    revokedAt: undefined,
  } as const;
  const caller: Caller = { account, token };
  const services = createServices({
    configuration,
    store,
    models,
    pool,
    loaded,
    documents,
    accounts: { authenticate: async (sent) => (sent === secret ? caller : undefined) },
    log: () => {},
  });
  const app = createApp(services);
  return {
    accountId: account.id,
    send: async (path, request) => app.fetch(new Request(`http://localhost${path}`, withSecret(request, secret))),
    async close() {
      await services.gateway.rest();
      await documents.close();
      await pool.close();
      await store.close();
      lock.release();
    },
  };
}

/**
 * Asks the server of the data folder as who may do everything. Undefined where none runs.
 *
 * @throws Problem `bad-setting`, or `not-found` where there is no such folder
 */
export async function connectAsAdmin(configuration: Configuration): Promise<Connection | undefined> {
  checkData(configuration);
  let lock: DataFolderLock;
  try {
    lock = lockStore(configuration);
  } catch (thrown) {
    const server = readServerFile(configuration.data);
    if (server) return connectTo(server.url, { ...configuration, token: undefined }, ["admin"]);
    if (isBusy(thrown)) return undefined; // another command is at work, or a server begins or ends
    throw thrown;
  }
  lock.release();
  return undefined;
}

/** With GANGLION_TOKEN, or with a token that is made for this one command. */
async function connectTo(url: string, configuration: Configuration, permissions: readonly Permission[] = ["run"]): Promise<Connection> {
  const store = await openStore(configuration);
  const account = await firstAccount(store.accounts, configuration);
  const made =
    configuration.token === undefined
      ? await store.accounts.createToken({ accountId: account.id, name: "ganglion run", permissions })
      : undefined;
  const secret = configuration.token ?? made?.secret ?? "";
  return {
    accountId: account.id,
    send: (path, request) => fetch(url + path, withSecret(request, secret)),
    async close() {
      if (made) await store.accounts.removeToken(account.id, made.token.id);
      await store.close();
    },
  };
}

function withSecret(request: Parameters<Connection["send"]>[1], secret: string): RequestInit {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${secret}` } };
}
