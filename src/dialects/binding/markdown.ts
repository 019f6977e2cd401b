import * as z from "zod";
import { bytesOfBase64, Problem } from "../../core/index.ts";
import { route } from "../route.ts";
import { conversionOptions } from "../to-markdown/options.ts";
import { conversion, convertFiles, supported, supportedFormats } from "../to-markdown/to-markdown.ts";
import { envelope, envelopeOf } from "../workers-ai/envelope.ts";

const transformBody = z.object({
  files: z.array(z.object({ name: z.string(), mimeType: z.string().nullish(), data: z.string() })),
  options: z.object({ conversionOptions: conversionOptions.nullish() }).nullish(),
});

/** Source: cloudflare/workerd, src/cloudflare/internal/to-markdown-api.ts, seen 2026-11. */
const transform = route({
  method: "post",
  path: "/to-everything/markdown/transformer",
  summary: "What env.AI.toMarkdown(files) sends: documents become Markdown",
  permission: "run",
  body: transformBody,
  reply: envelopeOf(z.array(conversion)),
  async handle(request) {
    const { files, options } = request.body;
    const sent = files.map(({ name, mimeType, data }, index) => {
      const bytes = bytesOfBase64(data);
      if (!bytes) throw new Problem("bad-input", `'/files/${index}/data' is no base64`, { details: { field: `/files/${index}/data` } });
      return { name, mediaType: mimeType ?? "", bytes };
    });
    const { results, headers } = await convertFiles(request, sent, options?.conversionOptions ?? {});
    return { json: envelope(results), headers };
  },
});

/** workerd does not look whether this one fails. */
const supportedByBinding = route({
  method: "get",
  path: "/to-everything/markdown/supported",
  summary: "What env.AI.toMarkdown().supported() asks: which kinds of files can be converted",
  permission: "run",
  reply: envelopeOf(supportedFormats),
  handle: async () => ({ json: envelope(supported) }),
});

/** `env.AI.toMarkdown()`, whose error workerd takes from `errors[0].message`. */
export const markdown = [transform, supportedByBinding] as const;
