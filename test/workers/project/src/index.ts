import type { AiBinding } from "../../../../src/binding/index.ts";
import { runChecks } from "./checks.ts";

interface Env {
  readonly AI: AiBinding;
}

/** A Worker that knows of no Ganglion. */
export default {
  async fetch(request: Request, { AI }: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/stream") {
      const answer = await AI.run("@ganglion/echo", { prompt: searchParams.get("prompt"), stream: true, max_tokens: 80_000 });
      return new Response(answer as ReadableStream, { headers: { "content-type": "text/event-stream" } });
    }
    return Response.json({ class: AI.constructor.name, found: await runChecks(AI) });
  },
};
