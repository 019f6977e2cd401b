import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { type HttpServer, startHttpServer, type HttpServerOptions } from "./http-server.ts";

async function start(
  fetch: (request: Request) => Response | Promise<Response>,
  options: Partial<HttpServerOptions> = {},
): Promise<HttpServer> {
  return startHttpServer({ app: { fetch }, host: "127.0.0.1", port: 0, ...options });
}

async function connected(server: HttpServer, bytes = ""): Promise<{ socket: Socket; closed: Promise<string> }> {
  const socket = connect(server.port, "127.0.0.1");
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => (received += text));
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(received)));
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(bytes);
  return { socket, closed };
}

const quick = { headTimeout: 100, requestTimeout: 200, checkEvery: 20 };

describe("an HTTP server", () => {
  it("closes a connection whose request head does not come", async () => {
    const server = await start(() => new Response("served"), quick);
    const { closed } = await connected(server, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    expect(await closed).toMatch(/^HTTP\/1\.1 408 /);
    await server.close(0);
  });

  it("closes a connection whose body comes byte by byte for ever", async () => {
    const server = await start(async (request) => new Response(await request.text()), quick);
    const { socket, closed } = await connected(server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
    const dribble = setInterval(() => socket.write("x", () => {}), 20);
    socket.on("error", () => {});
    expect(await closed).toMatch(/^(HTTP\/1\.1 408 |$)/);
    clearInterval(dribble);
    await server.close(0);
  });

  it("never cuts an answer for its length", async () => {
    const server = await start(() => {
      const pieces = Array.from({ length: 10 }, (_, index) => `${index} `);
      return new Response(
        new ReadableStream({
          async pull(controller) {
            const piece = pieces.shift();
            if (piece === undefined) return controller.close();
            await new Promise((resolve) => setTimeout(resolve, 50));
            controller.enqueue(new TextEncoder().encode(piece));
          },
        }),
      );
    }, quick);
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    expect(await response.text()).toBe("0 1 2 3 4 5 6 7 8 9 ");
    await server.close(0);
  });

  it("refuses a head that is too large", async () => {
    const server = await start(() => new Response("served"));
    const { closed } = await connected(server, `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(await closed).toMatch(/^HTTP\/1\.1 431 /);
    await server.close(0);
  });

  it("waits for answers when it closes, and closes connections on which nothing was asked", async () => {
    const asked = deferred<void>();
    const reply = deferred<Response>();
    const server = await start(() => {
      asked.resolve();
      return reply.promise;
    });
    const response = fetch(`http://127.0.0.1:${server.port}/`);
    const { closed } = await connected(server);
    await asked.promise;
    const closing = server.close(60_000);
    expect(await closed).toBe("");
    reply.resolve(new Response("in the end"));
    expect(await (await response).text()).toBe("in the end");
    expect(await closing).toBe(true);
  });

  it("cuts off what does not end in time", async () => {
    const asked = deferred<void>();
    const server = await start(() => {
      asked.resolve();
      return new Promise<Response>(() => {});
    });
    const { closed } = await connected(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await asked.promise;
    expect(await server.close(50)).toBe(false);
    expect(await closed).toBe("");
  });

  it("says why it cannot listen", async () => {
    const server = await start(() => new Response());
    await expect(start(() => new Response(), { port: server.port })).rejects.toThrow(`port ${server.port} is in use`);
    await expect(start(() => new Response(), { host: "203.0.113.1" })).rejects.toThrow("this machine has no address 203.0.113.1");
    await server.close(0);
  });
});

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((give) => (resolve = give));
  return { promise, resolve: (value: T) => resolve(value) };
}
