import * as z from "zod";
import { parseSent, Problem } from "../../core/index.ts";
import type { DocumentFile } from "../../documents/index.ts";
import { route } from "../route.ts";
import { type ConversionOptions, conversionOptions } from "../to-markdown/options.ts";
import { conversion, convertFiles, supported, supportedFormats } from "../to-markdown/to-markdown.ts";
import { envelope, envelopeOf } from "./envelope.ts";

/** Source: developers.cloudflare.com/workers-ai/features/markdown-conversion/usage/rest-api, seen 2026-11. */
export const toMarkdown = route({
  method: "post",
  path: "/client/v4/accounts/:account/ai/tomarkdown",
  summary: "Convert documents into Markdown: a form with the files as `files` or `files[]`, and `conversionOptions` as JSON",
  permission: "run",
  reply: envelopeOf(z.array(conversion)),
  async handle(request) {
    const form = await request.raw.form();
    const { results, headers } = await convertFiles(request, await filesIn(form), optionsIn(form));
    return { json: envelope(results), headers };
  },
});

export const markdownFormats = route({
  method: "get",
  path: "/client/v4/accounts/:account/ai/tomarkdown/supported",
  summary: "List the kinds of files that can be converted into Markdown",
  permission: "run",
  reply: envelopeOf(supportedFormats),
  handle: async () => ({ json: envelope(supported) }),
});

/** The `cloudflare` package writes the name with brackets. */
async function filesIn(form: FormData): Promise<DocumentFile[]> {
  const parts = ["files", "files[]"].flatMap((name) => form.getAll(name));
  return Promise.all(
    parts.map(async (part) => {
      if (typeof part === "string") {
        throw new Problem("bad-input", "files must be files, and one is a text; send them as multipart/form-data with file names", {
          details: { field: "/files" },
        });
      }
      return { name: part.name, mediaType: part.type, bytes: new Uint8Array(await part.arrayBuffer()) };
    }),
  );
}

/** Characters; a form's fields are not read in slices as a JSON body is. */
const longestOptions = 100_000;

function optionsIn(form: FormData): ConversionOptions {
  const text = form.get("conversionOptions");
  if (text === null || text === "") return {};
  if (typeof text !== "string") throw wrongOptions("conversionOptions is no JSON");
  if (text.length > longestOptions) throw wrongOptions(`conversionOptions is longer than ${longestOptions} characters`);
  try {
    return parseSent(conversionOptions, JSON.parse(text));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw wrongOptions("conversionOptions is no JSON");
  }
}

function wrongOptions(message: string): Problem {
  return new Problem("bad-input", message, { details: { field: "/conversionOptions" } });
}
