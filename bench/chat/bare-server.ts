import { Hono } from "hono";
import { startHttpServer } from "../../src/node/http-server.ts";
import { servePeer } from "../peer.ts";
import type { Recorded } from "./load.ts";

export interface BareServerOptions {
  readonly whole: Recorded;
  readonly stream: Recorded;
}

const encoder = new TextEncoder();

/**
 * The floor: hono behind the same server, answering bytes that it was given. It does not even read what it is asked, but below `/read`,
 * where it parses the request first, as whatever answers a chat has to.
 */
async function start({ whole, stream }: BareServerOptions) {
  const events = stream.body.split(/(?<=\n\n)/).map((event) => encoder.encode(event));
  const answerWhole = () => new Response(whole.body, { headers: whole.headers });
  const answerStream = () => {
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
  };
  const app = new Hono();
  app.post("/whole", answerWhole);
  app.post("/stream", answerStream);
  app.post("/read/whole", async (context) => answerAfter(await context.req.json(), answerWhole));
  app.post("/read/stream", async (context) => answerAfter(await context.req.json(), answerStream));
  const { port } = await startHttpServer({ app, host: "127.0.0.1", port: 0 });
  return { port: () => port };
}

function answerAfter(read: unknown, answer: () => Response): Response {
  if (typeof read !== "object") throw new Error("the request is no JSON object");
  return answer();
}

export type BareServerCommands = Awaited<ReturnType<typeof start>>;
servePeer(start);
