import * as z from "zod";
import { parseSent, Problem } from "../../core/index.ts";
import { metrics, propertyTypes, type Vector, type VectorQuery } from "../../vectors/index.ts";
import type { Body } from "../body.ts";
import { afterSpace, othersTurn, readJsonText } from "../json-text.ts";

/** Source of the limits: developers.cloudflare.com/vectorize/platform/limits, page of 2026-08-05. */
const maxDimensions = 1536;
const maxMetadataBytes = 10_240;
/** The largest metadata and, with room to spare, the most numbers that a vector has. */
const mostLineBytes = 100_000;
const maxTopK = 100;
const maxTopKWithMore = 50;

/** Between two turns of others. */
const bytesAtOnce = 500_000;
const vectorsAtOnce = 50;

const encoder = new TextEncoder();
const atMostBytes = (bytes: number) => (text: string) => encoder.encode(text).length <= bytes;
/** SQLite ends a text at its first NUL, and half a character is not the same when it is read again. */
const isWhole = (text: string) => !/[\0\p{Cs}]/u.test(text);
const shortText = z.string().min(1).refine(atMostBytes(64), { error: "at most 64 bytes" }).refine(isWhole);
/** Vectors are kept in numbers of 32 bits, and the squares of these have to be such numbers too, and their sum. */
const mostValue = 1e17;
/** Millions of numbers come in one body, so they are looked at in one loop. */
const values = z
  .custom<number[]>(isVector, { error: `expected an array of 1 to ${maxDimensions} numbers from -${mostValue} to ${mostValue}` })
  .meta({ type: "array", items: { type: "number", minimum: -mostValue, maximum: mostValue }, minItems: 1, maxItems: maxDimensions });

function isVector(sent: unknown): boolean {
  if (!Array.isArray(sent) || sent.length === 0 || sent.length > maxDimensions) return false;
  const numbers: readonly unknown[] = sent;
  for (const value of numbers) if (typeof value !== "number" || !(Math.abs(value) <= mostValue)) return false;
  return true;
}

const record = z.record(z.string(), z.unknown());

export const indexName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/);

/** Names of models whose vectors an index is for. Source: cloudflare-typescript, src/resources/vectorize/indexes. */
const presets = {
  "@cf/baai/bge-small-en-v1.5": 384,
  "@cf/baai/bge-base-en-v1.5": 768,
  "@cf/baai/bge-large-en-v1.5": 1024,
  "openai/text-embedding-ada-002": 1536,
  "cohere/embed-multilingual-v2.0": 768,
} as const;
const presetNames = Object.keys(presets) as (keyof typeof presets)[]; // the keys of the table

export const newIndex = z.object({
  name: indexName,
  description: z.string().max(1024).nullish(),
  config: z.union([
    z.object({ dimensions: z.int().min(1).max(maxDimensions), metric: z.enum(metrics) }),
    z.object({ preset: z.enum(presetNames) }),
  ]),
});

export function configOf(config: z.output<typeof newIndex>["config"]) {
  return "preset" in config ? { dimensions: presets[config.preset], metric: "cosine" as const } : config;
}

export const queryBody = z.object({
  vector: values.nullish(),
  vectorId: shortText.nullish(),
  topK: z.int().min(1).max(maxTopK).nullish(),
  returnValues: z.boolean().nullish(),
  returnMetadata: z.union([z.boolean(), z.enum(["none", "indexed", "all"])]).nullish(),
  namespace: shortText.nullish(),
  filter: record.nullish(),
});

export function queryOf(body: z.output<typeof queryBody>): VectorQuery {
  const near = body.vector ?? body.vectorId;
  if (near === null || near === undefined)
    throw new Problem("bad-input", "a query has a vector or a vectorId", { details: { field: "/vector" } });
  const { returnMetadata: wanted = "none", returnValues, topK } = body;
  const withMetadata = wanted === true ? "all" : wanted === false || wanted === null ? "none" : wanted;
  const query = { near, topK: topK ?? 5, withValues: returnValues ?? false, withMetadata };
  if ((query.withValues || withMetadata === "all") && query.topK > maxTopKWithMore) {
    throw new Problem("bad-input", `with values or all metadata topK is at most ${maxTopKWithMore}`, { details: { field: "/topK" } });
  }
  return { ...query, namespace: body.namespace ?? undefined, filter: body.filter ?? undefined };
}

export const idsBody = z.object({ ids: z.array(shortText).min(1).max(1000) });

export const metadataIndexBody = z.object({
  propertyName: z
    .string()
    .min(1)
    .max(512)
    .regex(/^[^$"|][^"|]*$/)
    .refine(isWhole),
  indexType: z.enum(propertyTypes),
});

const vectorList = z.object({ vectors: z.array(z.unknown()) });

const vectorLine = z.object({
  id: shortText,
  values,
  namespace: shortText.nullish(),
  metadata: record.nullish().refine((metadata) => atMostBytes(maxMetadataBytes)(JSON.stringify(metadata ?? null)), {
    error: "at most 10 KiB",
  }),
});

/**
 * The vectors of a body: one JSON object in each line, bare or as the one file of a form, or `{ vectors: […] }`.
 *
 * @param most vectors in one call
 * @param discard lines that are no vectors, instead of refusing all
 */
export async function vectorsOf(raw: Body, most: number, discard: boolean): Promise<readonly Vector[]> {
  const lines = raw.mediaType === "application/json" ? parseSent(vectorList, await raw.json()).vectors : await linesOf(raw, most);
  if (lines.length > most) throw tooMany(most);
  const vectors: Vector[] = [];
  for (const [index, line] of lines.entries()) {
    if (index % vectorsAtOnce === vectorsAtOnce - 1) await othersTurn();
    const vector = readVector(line, index);
    if (vector instanceof Problem) {
      if (!discard) throw vector;
    } else vectors.push(vector);
  }
  if (vectors.length === 0 && !discard) throw new Problem("bad-input", "the body has no vectors; send one JSON object in each line");
  return vectors;
}

function readVector(line: unknown, index: number): Vector | Problem {
  try {
    const { id, namespace, metadata, values: numbers } = parseSent(vectorLine, line);
    return { id, values: numbers, namespace: namespace ?? undefined, metadata: metadata ?? undefined };
  } catch (thrown) {
    if (!(thrown instanceof z.ZodError)) throw thrown;
    const path = thrown.issues[0]?.path.join("/") ?? "";
    const details = { field: `/${index}/${path}` };
    return new Problem("bad-input", `line ${index + 1} is no vector: ${path === "" ? "it is no JSON object" : `look at its ${path}`}`, {
      details,
    });
  }
}

function tooMany(most: number): Problem {
  return new Problem("bad-input", `at most ${most} vectors come in one call; send more in several`);
}

async function fileIn(raw: Body): Promise<Uint8Array> {
  const form = await raw.form();
  const file = [...form.values()].find((part) => typeof part !== "string");
  if (!file) throw new Problem("bad-input", "the form has no file of vectors");
  return new Uint8Array(await file.arrayBuffer());
}

/** What the lines say that are not empty; undefined for one that is no JSON. @throws Problem where there are too many */
async function linesOf(raw: Body, most: number): Promise<unknown[]> {
  const bytes = raw.mediaType === "multipart/form-data" ? await fileIn(raw) : raw.bytes;
  const lines: unknown[] = [];
  let pauseAt = bytesAtOnce;
  for (let begin = 0, end = 0; begin < bytes.length; begin = end + 1) {
    end = bytes.indexOf(0x0a, begin);
    if (end < 0) end = bytes.length;
    if (end >= pauseAt) {
      await othersTurn();
      pauseAt = end + bytesAtOnce;
    }
    const line = bytes.subarray(begin, end);
    if (afterSpace(line, 0) === line.length) continue;
    if (lines.length === most) throw tooMany(most);
    lines.push(line.length > mostLineBytes ? undefined : await readJsonText(line).catch(() => undefined));
  }
  return lines;
}
