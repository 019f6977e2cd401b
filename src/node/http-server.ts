import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Problem } from "../core/index.ts";

export interface HttpServerOptions {
  readonly app: { fetch(request: Request): Response | Promise<Response> };
  readonly host: string;
  readonly port: number;
  /** Milliseconds in which a request's head must have come; slower clients only hold a connection. */
  readonly headTimeout?: number;
  /** Milliseconds in which a whole request must have come: an upload over a slow line takes minutes. Answers may take any time. */
  readonly requestTimeout?: number;
  /** Milliseconds between two looks at who is too slow. */
  readonly checkEvery?: number;
}

export interface HttpServer {
  /** The port it listens on, where any free one was asked for. */
  readonly port: number;
  /**
   * Takes no more requests and lets those that run come to their end, for some milliseconds; then cuts them off.
   * @returns whether all came to their end
   */
  close(grace: number): Promise<boolean>;
}

/**
 * Longer than what is in front keeps its connections: with the shorter time here, a proxy would now and then send a request into a
 * connection that is being closed. The longest of the usual ones is 600 s (Google's load balancers).
 */
const keepAliveTimeout = 650_000;

/** @throws Problem `bad-setting` where the address cannot be had */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { app, host, port, headTimeout = 30_000, requestTimeout = 900_000, checkEvery = 5_000 } = options;
  const serverOptions = {
    headersTimeout: headTimeout,
    requestTimeout,
    connectionsCheckingInterval: checkEvery,
    keepAliveTimeout,
    // A peer whose machine went away without a word is found out.
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  };
  const server = createAdaptorServer({ fetch: (request) => app.fetch(request), serverOptions }) as Server; // without `createServer` it is made by node:http
  const silent = silentConnections(server);
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port, not on a pipe
    close: (grace) => close(server, silent, grace),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (thrown) => reject(problemOf(thrown, host, port)));
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

const sentences: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (_host, port) => `port ${port} is in use: stop what listens there, or choose another one with --port or GANGLION_PORT`,
  EACCES: (_host, port) => `this user may not listen on port ${port}: choose one from 1024 on, with --port or GANGLION_PORT`,
  EADDRNOTAVAIL: (host) => `this machine has no address ${host}: choose another one with --host or GANGLION_HOST`,
  ENOTFOUND: (host) => `there is no host ${host}: choose another one with --host or GANGLION_HOST`,
};

function problemOf(thrown: Error, host: string, port: number): Problem {
  const code: unknown = Reflect.get(thrown, "code");
  const sentence = typeof code === "string" ? sentences[code] : undefined;
  return new Problem("bad-setting", sentence?.(host, port) ?? `the server cannot listen on ${host}, port ${port}`, { cause: thrown });
}

/** Connections on which nothing was asked yet, as browsers open them ahead. Node counts them neither as idle nor as active. */
function silentConnections(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on("connection", (socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  server.on("request", ({ socket }) => silent.delete(socket));
  return silent;
}

async function close(server: Server, silent: ReadonlySet<Socket>, grace: number): Promise<boolean> {
  let inTime = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of silent) socket.destroy();
  // A connection whose answer ends now stays open for the next request that will not be served.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    inTime = false;
    server.closeAllConnections();
  }, grace);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
  return inTime;
}
