import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { route } from "../route.ts";
import { envelope, envelopeOf } from "../workers-ai/envelope.ts";

const transform = route({
  method: "post",
  path: "/to-everything/markdown/transformer",
  summary: "What env.AI.toMarkdown(files) sends; not served yet",
  permission: "run",
  reply: z.never(),
  async handle() {
    throw new Problem("unknown-route", "toMarkdown is not served yet");
  },
});

/** An empty list: workerd does not look whether this one fails. */
const supported = route({
  method: "get",
  path: "/to-everything/markdown/supported",
  summary: "What env.AI.toMarkdown().supported() asks: which kinds of files can be converted",
  permission: "run",
  reply: envelopeOf(z.array(z.object({ extension: z.string(), mimeType: z.string() }))),
  handle: async () => ({ json: envelope([]) }),
});

/** `env.AI.toMarkdown()`, whose error workerd takes from `errors[0].message`. */
export const markdown = [transform, supported] as const;
