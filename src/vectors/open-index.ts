import { Problem } from "../core/index.ts";
import { type Database, numberIn, type Row, type SqlValue, type Statement, textIn } from "../stores/index.ts";
import { filterSql, indexedMetadata, propertiesOf } from "./filter.ts";
import type { Match, MetadataIndex, Metric, OpenVectorIndex, PropertyType, Vector, VectorIndex, VectorQuery } from "./vector-indexes.ts";

export interface IndexRow {
  readonly key: number;
  readonly about: VectorIndex;
  readonly makesItself: boolean;
  readonly database: Database;
  readonly now: () => number;
  readonly newId: () => string;
}

const countVectors = `SELECT (SELECT count(*) FROM vectors WHERE index_key = ?) AS vectors, mutation_id, mutated_at
  FROM vector_indexes WHERE key = ?`;
const removeIndex = [
  `DELETE FROM vectors WHERE index_key = ?`,
  `DELETE FROM metadata_indexes WHERE index_key = ?`,
  `DELETE FROM vector_indexes WHERE key = ?`,
] as const;
const mutate = `UPDATE vector_indexes SET mutation_id = ?, mutated_at = ? WHERE key = ?`;

const columns = `index_key, id, namespace, properties, norm, metadata, embedding`;
const insertVector = `INSERT INTO vectors (${columns}) VALUES (?, ?, ?, ?, ?, ?, vector32(?)) ON CONFLICT DO NOTHING`;
const upsertVector = `INSERT INTO vectors (${columns}) VALUES (?, ?, ?, ?, ?, ?, vector32(?)) ON CONFLICT (index_key, id) DO UPDATE SET
  namespace = excluded.namespace, properties = excluded.properties, norm = excluded.norm, metadata = excluded.metadata, embedding = excluded.embedding`;
const findVectors = `SELECT id, namespace, metadata, vector_extract(embedding) AS vector_values FROM vectors
  WHERE index_key = ? AND id IN (SELECT value FROM json_each(?))`;
const deleteVectors = `DELETE FROM vectors WHERE index_key = ? AND id IN (SELECT value FROM json_each(?))`;
const pageOfIds = `SELECT key, id FROM vectors WHERE index_key = ? AND key > ? ORDER BY key LIMIT ?`;

const listMetadata = `SELECT property, type FROM metadata_indexes WHERE index_key = ? ORDER BY property`;
const insertMetadata = `INSERT INTO metadata_indexes (index_key, property, type)
  SELECT ?, ?, ? WHERE (SELECT count(*) FROM metadata_indexes WHERE index_key = ?) < 10 ON CONFLICT DO NOTHING`;
const deleteMetadata = `DELETE FROM metadata_indexes WHERE index_key = ? AND property = ?`;

/** From 0 to 2. Of vectors without length there is none, and of hardly any 32 bits make it infinite. */
const cosineDistance = `max(0, min(2, coalesce(vector_distance_cos(embedding, asked.vector), 1)))`;

/**
 * How far each vector is from the one that is asked for; less is nearer. A dot product is a cosine times both lengths.
 */
const distances: Readonly<Record<Metric, string>> = {
  cosine: cosineDistance,
  euclidean: `vector_distance_l2(embedding, asked.vector)`,
  "dot-product": `-(1 - ${cosineDistance}) * norm * asked.length`,
};
const scores: Readonly<Record<Metric, (distance: number) => number>> = {
  cosine: (distance) => 1 - distance,
  euclidean: (distance) => distance,
  "dot-product": (distance) => -distance,
};

/** Between two turns of others. */
const vectorsAtOnce = 50;

export function openIndex({ key, about, makesItself, database, now, newId }: IndexRow): OpenVectorIndex {
  const { metric, dimensions } = about;

  async function mutation(statements: readonly Statement[]): Promise<string> {
    const id = newId();
    await database.batch([...statements, { sql: mutate, parameters: [id, now(), key] }]);
    return id;
  }

  async function metadataIndexes(): Promise<readonly MetadataIndex[]> {
    const { rows } = await database.query(listMetadata, [key]);
    return rows.map((row) => ({ property: textIn(row, "property"), type: textIn(row, "type") as PropertyType })); // written below
  }

  /** What can be filtered by; undefined: everything. */
  const filterable = async () => (makesItself ? undefined : metadataIndexes());

  async function asked(near: VectorQuery["near"]): Promise<readonly number[]> {
    if (typeof near !== "string") return near;
    const [vector] = await find([near]);
    if (!vector) throw new Problem("not-found", `there is no vector ${JSON.stringify(near.slice(0, 64))} in ${about.name}`);
    return vector.values;
  }

  async function find(ids: readonly string[]): Promise<readonly Vector[]> {
    const { rows } = await database.query(findVectors, [key, JSON.stringify(ids)]);
    return rows.map((row) => ({
      id: textIn(row, "id"),
      values: valuesIn(row) ?? [],
      namespace: namespaceIn(row),
      metadata: metadataIn(row),
    }));
  }

  return {
    about,
    async info() {
      const { rows } = await database.query(countVectors, [key, key]);
      const [row] = rows;
      const mutationId = row?.["mutation_id"];
      return {
        vectors: numberIn(row, "vectors"),
        mutationId: typeof mutationId === "string" ? mutationId : undefined,
        mutatedAt: mutationId === null ? undefined : numberIn(row, "mutated_at"),
      };
    },

    async remove() {
      await database.batch(removeIndex.map((sql) => ({ sql, parameters: [key] })));
    },

    async write(vectors, how) {
      for (const { id, values } of vectors) {
        if (values.length !== dimensions) {
          const shown = JSON.stringify(id.slice(0, 64));
          throw new Problem(
            "bad-input",
            `invalid vector for id=${shown}, expected ${dimensions} dimensions, and got ${values.length} dimensions`,
          );
        }
      }
      const indexes = await filterable();
      const sql = how === "insert" ? insertVector : upsertVector;
      const statements: Statement[] = [];
      for (const vector of vectors) {
        statements.push({ sql, parameters: [key, ...valuesOf(vector, indexes)] });
        // Thousands of vectors take a second to write as text, on the thread that answers everybody.
        if (statements.length % vectorsAtOnce === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      }
      return mutation(statements);
    },

    find,
    delete: (ids) => mutation([{ sql: deleteVectors, parameters: [key, JSON.stringify(ids)] }]),

    async page(count, cursor = "0") {
      if (!/^\d{1,15}$/.test(cursor))
        throw new Problem("bad-input", "the cursor is none that a list gave", { details: { field: "/cursor" } });
      const { rows } = await database.query(pageOfIds, [key, Number(cursor), count + 1]);
      const here = rows.slice(0, count);
      const { rows: counted } = await database.query(countVectors, [key, key]);
      return {
        ids: here.map((row) => textIn(row, "id")),
        total: numberIn(counted[0], "vectors"),
        cursor: rows.length > count ? String(here.at(-1)?.["key"] ?? "") : undefined,
      };
    },

    async query(query) {
      const near = await asked(query.near);
      if (near.length !== dimensions) {
        const counts = `expected ${dimensions} dimensions, and got ${near.length} dimensions`;
        throw new Problem("bad-input", `invalid query vector, ${counts}`, { details: { field: "/vector" } });
      }
      const indexes = await filterable();
      const filter = filterSql(query.filter, indexes);
      const inNamespace = query.namespace === undefined ? "" : " AND namespace = ?";
      const sql = `SELECT id, namespace, distance, CASE WHEN ? THEN metadata END AS metadata, CASE WHEN ? THEN vector_extract(embedding) END AS vector_values
        FROM (
          SELECT vectors.key AS nearest, ${distances[metric]} AS distance
          FROM (SELECT vector32(?) AS vector, ? AS length) AS asked CROSS JOIN vectors
          WHERE index_key = ?${inNamespace}${filter.sql}
          ORDER BY distance, nearest LIMIT ?
        ) JOIN vectors ON vectors.key = nearest ORDER BY distance, nearest`;
      const { rows } = await database.query(sql, [
        Number(query.withMetadata !== "none"),
        Number(query.withValues),
        JSON.stringify(near),
        lengthOf(near),
        key,
        ...(query.namespace === undefined ? [] : [query.namespace]),
        ...filter.parameters,
        query.topK,
      ]);
      return rows.map((row): Match => {
        const metadata = metadataIn(row);
        return {
          id: textIn(row, "id"),
          score: scores[metric](numberIn(row, "distance")),
          namespace: namespaceIn(row),
          values: valuesIn(row),
          metadata: metadata && query.withMetadata === "indexed" ? indexedMetadata(metadata, indexes) : metadata,
        };
      });
    },

    metadataIndexes,
    async createMetadataIndex({ property, type }) {
      const { changes } = await database.query(insertMetadata, [key, property, type, key]);
      if (changes === 0) {
        const why = `${about.name} has an index of this property already, or ten indexes, which are the most`;
        throw new Problem("bad-input", why, { details: { field: "/propertyName" } });
      }
      return mutation([]);
    },
    deleteMetadataIndex: (property) => mutation([{ sql: deleteMetadata, parameters: [key, property] }]),
  };
}

/** The parameters of a vector's columns, but the first. */
function valuesOf({ id, values, namespace, metadata }: Vector, indexes: readonly MetadataIndex[] | undefined): SqlValue[] {
  return [
    id,
    namespace ?? "",
    JSON.stringify(propertiesOf(metadata, indexes)),
    lengthOf(values),
    metadata === undefined ? null : JSON.stringify(metadata),
    JSON.stringify(values),
  ];
}

function lengthOf(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function namespaceIn(row: Row): string | undefined {
  return textIn(row, "namespace") || undefined;
}

function metadataIn(row: Row): Vector["metadata"] {
  const text = row["metadata"];
  return typeof text === "string" ? (JSON.parse(text) as Record<string, unknown>) : undefined; // `write` wrote it
}

function valuesIn(row: Row): readonly number[] | undefined {
  const text = row["vector_values"];
  return typeof text === "string" ? (JSON.parse(text) as number[]) : undefined; // libsql writes a list of numbers
}
