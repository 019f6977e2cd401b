import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { bearerOrKey } from "../mount.ts";
import { route } from "../route.ts";
import { modelFor } from "./default-models.ts";
import { answerWithPictures } from "./picture-answer.ts";

const query = z.object({
  debug: z.string().optional(),
  model: z.string().optional(),
  prompt: z.string().optional(),
  key: z.string().optional(),
});

/**
 * A picture by opening an address in a browser, as small workers have it for a first try. It is off unless the operator turns it on: the
 * address holds the token, and whatever follows links pays for pictures.
 */
export const pictureDebugGet = route({
  method: "get",
  path: "/v1/chat/completions",
  summary: "Draw `prompt`, with the token as `key`; off unless `imageDebugGet` is set",
  permission: "run",
  credential: (source) => bearerOrKey(source) ?? source.query.get("key") ?? undefined,
  query,
  reply: z.unknown(),
  also: ["text/event-stream"],
  async handle(request) {
    if (!request.imageDebugGet || !request.query.get("debug")) {
      throw new Problem("wrong-method", "GET is not served here; use POST", { details: { allowed: ["POST"] } });
    }
    const asked = query.parse(Object.fromEntries(request.query));
    const model = modelFor(request, asked.model, "text-to-image");
    const body = { model, messages: [{ role: "user" as const, content: asked.prompt ?? "cat" }], stream: true };
    const reply = await answerWithPictures({ ...request, body, raw: { ...request.raw, json: async () => ({}) } }, model);
    return { ...reply, headers: { ...reply.headers, "cache-control": "no-store" } };
  },
});
