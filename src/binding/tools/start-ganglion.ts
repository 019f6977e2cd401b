import { fork } from "node:child_process";

/** A server for a development tool, and how to reach it. */
export interface DevServer {
  readonly url: string;
  readonly token: string;
  /** For Miniflare's `ai: { binding, remoteProxyConnectionString }`; the token is in it. */
  readonly remoteProxy: RemoteProxy;
  /**
   * The same, for a Worker with Vectorize bindings too: `remoteProxyWith({ VECTORIZE: "my-index" })`. An index that is not there is made
   * by the first write.
   */
  remoteProxyWith(indexes: Readonly<Record<string, string>>): RemoteProxy;
  /** Ends the server if it was started here. It ends with this process, too. */
  close(): Promise<void>;
}

/** A URL as Miniflare's types want it: they take none that is not said to be for this. */
export type RemoteProxy = URL & { readonly __brand: "RemoteProxyConnectionString" };

/** What the server's process says when it listens, or why it does not. */
interface Started {
  readonly url: string;
  readonly token: string;
}

let started: Promise<DevServer> | undefined;

/**
 * The server that GANGLION_URL and GANGLION_TOKEN name; where they are not set, one that is started for this process, once, on a free
 * port: with the built-in models, which answer for all others of their tasks, and without anything that outlives it.
 */
export function startGanglion(): Promise<DevServer> {
  started ??= connect().catch((thrown: unknown) => {
    started = undefined;
    throw thrown;
  });
  return started;
}

async function connect(): Promise<DevServer> {
  const named = await namedServer();
  return named ? devServer(named, async () => {}) : start();
}

/**
 * The server that GANGLION_URL and GANGLION_TOKEN name, if they do.
 *
 * @throws Error, for people, where it does not answer or does not know the token
 */
export async function namedServer(): Promise<Started | undefined> {
  const { GANGLION_URL: said, GANGLION_TOKEN: token } = process.env;
  if (!said) return undefined;
  const url = said.replace(/\/+$/, "");
  if (!token) throw new Error(`GANGLION_URL names ${url}, and GANGLION_TOKEN is not set: it must be an API token of that server`);
  let response: Response;
  try {
    response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
  } catch (thrown) {
    throw new Error(`no server answers at ${url}, which GANGLION_URL names: start it, or unset GANGLION_URL to have one started`, {
      cause: thrown,
    });
  }
  if (response.status === 401) throw new Error(`the server at ${url}, which GANGLION_URL names, does not know the token in GANGLION_TOKEN`);
  if (response.status === 404) throw new Error(`there is no Ganglion at ${url}, which GANGLION_URL names: it is the address without /v1`);
  return { url, token };
}

function devServer({ url, token }: Started, close: () => Promise<void>): DevServer {
  const remoteProxyWith = (indexes: Readonly<Record<string, string>>) => {
    const named = Object.entries(indexes).map(([binding, index]) => [`index.${binding}`, index]);
    return new URL(`${url}/mf?${new URLSearchParams([["token", token], ...named])}`) as RemoteProxy; // the brand is in the types only
  };
  return { url, token, remoteProxy: remoteProxyWith({}), remoteProxyWith, close };
}

function start(): Promise<DevServer> {
  // Beside this file once both are built. What it logs is for who looks for an error.
  const child = fork(new URL("./dev-server.js", import.meta.url), [], { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const close = async () => {
    if (child.connected) child.disconnect();
    child.ref(); // or a process that only waits for this would end before
    await ended;
  };
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    void ended.then((code) => {
      started = undefined;
      reject(new Error(`Ganglion could not be started: its process ended with code ${code}`));
    });
    child.once("message", (message) => {
      // It ends when the channel does; neither keeps this process from ending.
      child.unref();
      child.channel?.unref();
      resolve(devServer(message as Started, close)); // dev-server.ts sends nothing else
    });
  });
}
