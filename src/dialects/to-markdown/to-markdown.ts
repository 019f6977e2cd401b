import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { type DocumentFile, type Documents, formatOf, formats } from "../../documents/index.ts";
import { type Receipt, receiptHeaders, receiptOf } from "../receipt.ts";
import type { RouteRequest } from "../route.ts";
import { describePicture } from "./describe-picture.ts";
import { type ConversionOptions, languageOf, readingOptionsOf } from "./options.ts";

/** What became of a file. Source: …/markdown-conversion/usage/rest-api, seen 2026-11. */
export const conversion = z.union([
  z.object({
    id: z.string(),
    name: z.string(),
    mimeType: z.string(),
    format: z.enum(["markdown", "text"]),
    tokens: z.int(),
    data: z.string(),
  }),
  z.object({ id: z.string(), name: z.string(), mimeType: z.string(), format: z.literal("error"), error: z.string() }),
]);
type Conversion = z.output<typeof conversion>;

export const supportedFormats = z.array(z.object({ extension: z.string(), mimeType: z.string() }));

/** In the order of the table. */
export const supported = formats.map(({ extension, mimeType }) => ({ extension, mimeType }));

/** Files in a request. */
export const mostFiles = 100;
/** Characters that all of them may become: they are in memory until the reply is written. */
const mostCharacters = 20_000_000;

export interface Converted {
  readonly results: readonly Conversion[];
  readonly headers: Record<string, string>;
}

/**
 * Converts files one after the other. What is wrong with a file is said in its place, and the others are converted all the same.
 *
 * @throws Problem where there are no files or too many, or where nothing can be converted at the moment
 */
export async function convertFiles(
  request: RouteRequest<unknown>,
  files: readonly DocumentFile[],
  options: ConversionOptions,
): Promise<Converted> {
  if (files.length === 0) throw wrongFiles("there are no files to convert; send some as files");
  if (files.length > mostFiles) throw wrongFiles(`at most ${mostFiles} files are converted at a time`);
  if (!request.documents) throw new Problem("task-unsupported", "this server converts no documents");
  const { requestTime } = request.documents; // who sends more would keep others waiting
  const late = AbortSignal.timeout(requestTime);
  const signal = AbortSignal.any([request.signal, late]);
  const asking: Asking = { request: { ...request, signal }, documents: request.documents, options, receipts: [], calls: 0 };
  const results: Conversion[] = [];
  let characters = 0;
  for (const file of files) {
    const about = { id: request.newId(), name: file.name, mimeType: formatOf(file)?.mimeType ?? file.mediaType };
    try {
      const data = await textOf(asking, file);
      if (characters + data.length > mostCharacters)
        throw new Problem("bad-input", `all files together have more than ${mostCharacters} characters`);
      characters += data.length;
      results.push({ ...about, format: options.output?.format ?? "markdown", tokens: tokensIn(data), data });
    } catch (thrown) {
      if (request.signal.aborted) throw thrown;
      const problem = late.aborted ? tooLate(requestTime) : Problem.from(thrown);
      if (problem.retry && results.length === 0 && asking.receipts.length === 0) throw problem;
      results.push({ ...about, format: "error", error: problem.message });
    }
  }
  const { receipts } = asking;
  return { results, headers: receipts.length > 0 ? receiptHeaders(receiptOf(receipts)) : {} };
}

/** What the files of one request have in common. */
interface Asking {
  readonly request: RouteRequest<unknown>;
  readonly documents: Documents;
  readonly options: ConversionOptions;
  readonly receipts: Receipt[];
  /** Pictures that were asked about, those without an answer too: each is booked under an id of its own. */
  calls: number;
}

/** @throws Problem whose message may be told */
async function textOf(asking: Asking, file: DocumentFile): Promise<string> {
  const { request, documents, options, receipts } = asking;
  const reading = await documents.read(file, readingOptionsOf(options), {
    account: request.caller.account.id,
    signal: request.signal,
  });
  if ("error" in reading) throw new Problem("bad-input", reading.error);
  const language = languageOf(options, formatOf(file)?.kind ?? "");
  const texts: string[] = [];
  for (const piece of reading.pieces) {
    if (typeof piece === "string") {
      texts.push(piece.trim());
      continue;
    }
    texts.push(await describePicture(request, piece, language, asking.calls++ === 0 ? request.id : request.newId(), receipts));
  }
  return texts.filter((text) => text !== "").join("\n\n");
}

function tooLate(milliseconds: number): Problem {
  return new Problem("bad-input", `all files together took longer than ${milliseconds / 1000} seconds`);
}

function wrongFiles(message: string): Problem {
  return new Problem("bad-input", message, { details: { field: "/files" } });
}

/** A token for every four bytes, which is what tokenizers make of English; the reply calls it an estimate. */
function tokensIn(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / 4);
}
