import { setTimeout } from "node:timers/promises";
import { type Account, Problem } from "../core/index.ts";
import { createApp } from "../dialects/index.ts";
import type { Accounts } from "../stores/index.ts";
import { isLoopback, urlOf } from "./addresses.ts";
import type { Configuration } from "./configuration.ts";
import { createDocuments } from "./documents.ts";
import { createEngines } from "./engines.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";
import type { Log } from "./log.ts";
import { followModels } from "./models.ts";
import { removeServerFile, writeServerFile } from "./server-file.ts";
import { checkSetModels, createServices } from "./services.ts";
import { firstAccount, lockStore, openStore } from "./store.ts";

export interface RunningServer {
  readonly url: string;
  readonly account: Account;
  /** The API token that this start made; it is nowhere else. */
  readonly newToken: string | undefined;
  /** Calls that are being answered. */
  readonly running: number;
  /** Lets running answers end for some milliseconds, books the others as they are, and closes everything. May be called twice. */
  close(grace: number): Promise<void>;
}

/**
 * Starts everything that a server is made of, or nothing.
 *
 * @throws Problem `bad-setting`
 */
export async function startServer(configuration: Configuration, log: Log): Promise<RunningServer> {
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const lock = lockStore(configuration);
    closers.push(() => lock.release());
    const store = await openStore(configuration);
    closers.push(() => store.close());
    const { account, missing } = await findFirst(store.accounts, configuration, log);
    const models = followModels(configuration, (thrown) => log.fail("models.json could not be read", thrown));
    checkSetModels(configuration, models);
    for (const name of Object.keys(configuration.modelSettings)) {
      if (!models.find(name)) log.warn(`modelSettings speaks of ${name}, and there is no such model; \`ganglion models\` lists them`);
    }
    const { pool, loaded } = createEngines(configuration, (line) => log.info(line));
    closers.push(() => pool.close());
    const documents = createDocuments(configuration, (line) => log.warn(line));
    closers.push(() => documents.close());

    const services = createServices({
      configuration,
      store,
      models,
      pool,
      loaded,
      documents,
      accounts: store.accounts,
      log: (entry) => log.request(entry),
    });
    const { gateway } = services;
    // A call that does not end when its reader is gone must not keep the server from ending.
    closers.push(() => Promise.race([gateway.rest(), setTimeout(2_000, undefined, { ref: false })]));
    const server: HttpServer = await startHttpServer({ ...configuration, app: createApp(services) });
    closers.push(() => server.close(0));
    // Made when nothing can fail any more: of a start that ends in an error nobody would ever see it.
    const newToken = missing && (await makeToken(store.accounts, account, missing, configuration));
    const url = urlOf(configuration.host, server.port);
    writeServerFile(configuration.data, { url, pid: process.pid });

    let closing: Promise<void> | undefined;
    return {
      url,
      account,
      newToken,
      get running() {
        return gateway.running;
      },
      close(grace) {
        closing ??= (async () => {
          removeServerFile(configuration.data);
          if (!(await server.close(grace))) log.warn("some answers were cut off; what they had cost until then is booked");
          await closeAll();
        })();
        return closing;
      },
    };
  } catch (thrown) {
    await closeAll();
    throw thrown;
  }
}

/** The first account, made at the first start, and which token this start has to make, by its name. */
async function findFirst(accounts: Accounts, configuration: Configuration, log: Log): Promise<{ account: Account; missing?: string }> {
  const { host, token: chosen, accountId } = configuration;
  const [oldest] = await accounts.list();
  const hasToken = oldest !== undefined && (await accounts.tokens(oldest.id)).some(({ revokedAt }) => revokedAt === undefined);
  if (!isLoopback(host) && !hasToken && chosen === undefined) {
    throw new Problem(
      "bad-setting",
      `${host} is open to other machines, and there is no token yet: set GANGLION_TOKEN to one of your own, or start once on 127.0.0.1 to get one`,
    );
  }
  const account = await firstAccount(accounts, configuration);
  if (!hasToken) return { account, missing: "first" };
  if (accountId !== undefined && accountId !== account.id) {
    log.warn(`the first account is ${account.id}: GANGLION_ACCOUNT_ID is only taken at the first start`);
  }
  return chosen === undefined || (await accounts.authenticate(chosen)) ? { account } : { account, missing: "GANGLION_TOKEN" };
}

async function makeToken(accounts: Accounts, account: Account, name: string, { token: secret }: Configuration): Promise<string> {
  try {
    const made = await accounts.createToken({ accountId: account.id, name, permissions: ["run", "read", "edit"], secret });
    return made.secret;
  } catch (thrown) {
    if (secret === undefined || !(thrown instanceof Problem) || thrown.code !== "bad-input") throw thrown;
    throw new Problem("bad-setting", "GANGLION_TOKEN is a token that was revoked here: set another one, or none", { cause: thrown });
  }
}
