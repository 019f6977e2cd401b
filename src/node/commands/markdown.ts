import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import * as z from "zod";
import { Problem } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { connect } from "../connection.ts";
import { resultOf } from "../replies.ts";

export interface MarkdownOptions {
  readonly text?: boolean;
  readonly images?: boolean;
  readonly json?: boolean;
}

const conversions = z.array(z.looseObject({ data: z.string().optional(), error: z.string().optional() }));

/** Shows what is in files, one after the other. @throws Problem for the first that cannot be read, when all others were shown */
export async function markdown(configuration: Configuration, paths: readonly string[], options: MarkdownOptions): Promise<void> {
  const form = new FormData();
  for (const path of paths) form.append("files", new File([await contentOf(path)], basename(path)));
  const images = { images: { convert: options.images ?? false } };
  const output = { format: options.text ? "text" : "markdown" };
  form.append("conversionOptions", JSON.stringify({ output, html: images, docx: images, pdf: images }));
  const connection = await connect(configuration);
  try {
    const path = `/client/v4/accounts/${connection.accountId}/ai/tomarkdown`;
    const results = await resultOf(await connection.send(path, { method: "POST", body: form }), conversions);
    if (options.json) {
      process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
      return;
    }
    const texts = results.flatMap(({ data }) => (data === undefined ? [] : [data]));
    if (texts.length > 0) process.stdout.write(`${texts.join("\n\n")}\n`);
    const failed = results.findIndex(({ error }) => error !== undefined);
    if (failed >= 0) throw new Problem("bad-input", `${paths[failed]}: ${results[failed]?.error}`);
  } finally {
    await connection.close();
  }
}

async function contentOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (thrown) {
    throw new Problem("bad-input", `${path} cannot be read`, { cause: thrown });
  }
}
