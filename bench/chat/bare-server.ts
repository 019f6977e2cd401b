import { Hono } from "hono";
import { startHttpServer } from "../../src/node/http-server.ts";
import { servePeer } from "../peer.ts";
import type { Recorded } from "./load.ts";

export interface BareServerOptions {
  readonly whole: Recorded;
  readonly stream: Recorded;
}

const encoder = new TextEncoder();

/** The floor: hono behind the same server, answering bytes that it was given. It does not read what it is asked. */
async function start({ whole, stream }: BareServerOptions) {
  const events = stream.body.split(/(?<=\n\n)/).map((event) => encoder.encode(event));
  const app = new Hono();
  app.post("/whole", () => new Response(whole.body, { headers: whole.headers }));
  app.post("/stream", () => {
    let at = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const event = events[at++];
          if (event) controller.enqueue(event);
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: stream.headers });
  });
  const { port } = await startHttpServer({ app, host: "127.0.0.1", port: 0 });
  return { port: () => port };
}

export type BareServerCommands = Awaited<ReturnType<typeof start>>;
servePeer(start);
