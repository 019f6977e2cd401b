import * as z from "zod";
import { type Caller, Problem } from "../../core/index.ts";
import type { Match, OpenVectorIndex, Vector, VectorIndexes } from "../../vectors/index.ts";
import type { Services } from "../route.ts";
import { indexName } from "./bodies.ts";

export const vectorObject = z.object({
  id: z.string(),
  values: z.array(z.number()),
  namespace: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
export const matchesObject = z.object({
  count: z.int(),
  matches: z.array(vectorObject.partial({ values: true }).extend({ score: z.number() })),
});
export const infoObject = z.object({
  vectorCount: z.int(),
  dimensions: z.int(),
  processedUpToDatetime: z.string().nullable(),
  processedUpToMutation: z.string().nullable(),
});
export const mutationObject = z.object({ mutationId: z.string() });

/** @throws Problem where whoever made this server gave it no place for vectors */
export function vectorsIn({ vectors }: Services): VectorIndexes {
  if (!vectors) throw new Problem("unknown-route", "this server keeps no vectors");
  return vectors;
}

export function openIndex(
  services: Services & { readonly caller: Caller },
  name: string | undefined,
  dimensions?: number,
): Promise<OpenVectorIndex> {
  // An index that makes itself has a name that could have been declared.
  const making = indexName.safeParse(name).success ? dimensions : undefined;
  return vectorsIn(services).open(services.caller.account.id, name ?? "", making);
}

export function vectorReply({ id, values, namespace, metadata }: Vector) {
  return { id, values, ...(namespace !== undefined && { namespace }), ...(metadata !== undefined && { metadata }) };
}

export function matchesReply(matches: readonly Match[]) {
  return {
    count: matches.length,
    matches: matches.map(({ id, score, namespace, values, metadata }) => ({
      id,
      score,
      ...(values !== undefined && { values }),
      ...(namespace !== undefined && { namespace }),
      ...(metadata !== undefined && { metadata }),
    })),
  };
}

export async function infoReply(index: OpenVectorIndex) {
  const { vectors, mutationId, mutatedAt } = await index.info();
  return {
    vectorCount: vectors,
    dimensions: index.about.dimensions,
    processedUpToDatetime: mutatedAt === undefined ? null : new Date(mutatedAt).toISOString(),
    processedUpToMutation: mutationId ?? null,
  };
}
