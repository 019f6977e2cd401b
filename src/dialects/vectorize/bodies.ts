import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { metrics, propertyTypes, type Vector, type VectorQuery } from "../../vectors/index.ts";
import type { Body } from "../body.ts";

/** Source of the limits: developers.cloudflare.com/vectorize/platform/limits, page of 2026-08-05. */
const maxDimensions = 1536;
const maxMetadataBytes = 10_240;
const maxTopK = 100;
const maxTopKWithMore = 50;

const encoder = new TextEncoder();
const atMostBytes = (bytes: number) => (text: string) => encoder.encode(text).length <= bytes;
const shortText = z.string().min(1).refine(atMostBytes(64), { error: "at most 64 bytes" });
const values = z.array(z.number()).min(1).max(maxDimensions);
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
    .regex(/^[^$"|][^"|]*$/),
  indexType: z.enum(propertyTypes),
});

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
  const bytes = raw.mediaType === "multipart/form-data" ? await fileIn(raw) : raw.bytes;
  const text = new TextDecoder().decode(bytes);
  const lines: readonly unknown[] =
    raw.mediaType === "application/json" ? z.object({ vectors: z.array(z.unknown()) }).parse(raw.json()).vectors : linesOf(text);
  if (lines.length > most) throw new Problem("bad-input", `at most ${most} vectors come in one call; send more in several`);
  const vectors = lines.flatMap((line, index) => {
    const parsed = vectorLine.safeParse(line);
    if (parsed.success) {
      const { id, namespace, metadata, values: numbers } = parsed.data;
      return [{ id, values: numbers, namespace: namespace ?? undefined, metadata: metadata ?? undefined }];
    }
    if (discard) return [];
    const path = parsed.error.issues[0]?.path.join("/") ?? "";
    throw new Problem("bad-input", `line ${index + 1} is no vector: ${path === "" ? "it is no JSON object" : `look at its ${path}`}`, {
      details: { field: `/${index}/${path}` },
    });
  });
  if (vectors.length === 0 && !discard) throw new Problem("bad-input", "the body has no vectors; send one JSON object in each line");
  return vectors;
}

async function fileIn(raw: Body): Promise<ArrayBuffer> {
  const form = await raw.form();
  const file = [...form.values()].find((part) => typeof part !== "string");
  if (!file) throw new Problem("bad-input", "the form has no file of vectors");
  return file.arrayBuffer();
}

function linesOf(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        return undefined;
      }
    });
}
