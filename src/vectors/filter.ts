import { Problem } from "../core/index.ts";
import type { SqlValue } from "../stores/index.ts";
import type { MetadataIndex, PropertyType } from "./vector-indexes.ts";

/** Bytes of a string that an index sees. */
const indexedBytes = 64;
const maxFilterBytes = 2048;
/** Each number of conditions is a statement of its own, and those are kept. */
const maxConditions = 32;
const comparisons = ["$eq", "$ne", "$in", "$nin", "$lt", "$lte", "$gt", "$gte"] as const;
type Comparison = (typeof comparisons)[number];

type Scalar = string | number | boolean | null;

/** What of a vector's metadata filters see, flat. @param indexes undefined: everything */
export function propertiesOf(
  metadata: Readonly<Record<string, unknown>> | undefined,
  indexes: readonly MetadataIndex[] | undefined,
): Record<string, Scalar> {
  const found: Record<string, Scalar> = Object.create(null) as Record<string, Scalar>; // names come from clients
  if (indexes) {
    for (const { property, type } of indexes) {
      const value = valueAt(metadata, property);
      if (typeof value === type) found[property] = indexed(value as Scalar);
    }
    return found;
  }
  flatten(metadata ?? {}, "", found);
  return found;
}

function flatten(object: Readonly<Record<string, unknown>>, prefix: string, into: Record<string, Scalar>): void {
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") into[prefix + name] = indexed(value);
    else if (typeof value === "object" && value !== null && !Array.isArray(value)) flatten({ ...value }, `${prefix}${name}.`, into);
  }
}

/** The metadata with its indexed properties only. */
export function indexedMetadata(
  metadata: Readonly<Record<string, unknown>>,
  indexes: readonly MetadataIndex[] | undefined,
): Readonly<Record<string, unknown>> {
  if (!indexes) return metadata;
  const found = {};
  for (const { property } of indexes) {
    const value = valueAt(metadata, property);
    if (value !== undefined) put(found, property.split("."), value);
  }
  return found;
}

function put(into: object, [name = "", ...rest]: readonly string[], value: unknown): void {
  const inner: unknown = rest.length === 0 ? value : (Object.getOwnPropertyDescriptor(into, name)?.value ?? {});
  Object.defineProperty(into, name, { value: inner, enumerable: true, configurable: true, writable: true });
  if (rest.length > 0 && typeof inner === "object" && inner !== null) put(inner, rest, value);
}

function valueAt(metadata: unknown, property: string): unknown {
  let at = metadata;
  for (const name of property.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}

function indexed(value: Scalar): Scalar {
  return typeof value === "string" ? beginning(value) : value;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** At most so many bytes, cut between two characters. */
function beginning(text: string): string {
  const bytes = encoder.encode(text);
  if (bytes.length <= indexedBytes) return text;
  let end = indexedBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--; // a byte that continues a character
  return decoder.decode(bytes.subarray(0, end));
}

/** A condition as SQL reads it. */
interface Condition {
  readonly path: string;
  readonly comparison: Comparison;
  readonly value: SqlValue;
}

/**
 * One condition of a statement, which is the same text for all of them: statements are kept prepared for ever.
 * A property that a vector does not have is null there.
 */
const conditionSql = `EXISTS (
  SELECT 1 FROM (SELECT json_extract(properties, ?) AS has, ? AS compared, ? AS wanted)
  WHERE CASE compared
    WHEN '$eq' THEN has IS wanted
    WHEN '$ne' THEN has IS NOT wanted
    WHEN '$in' THEN has IN (SELECT json_each.value FROM json_each(wanted))
    WHEN '$nin' THEN has IS NULL OR has NOT IN (SELECT json_each.value FROM json_each(wanted))
    WHEN '$lt' THEN has < wanted
    WHEN '$lte' THEN has <= wanted
    WHEN '$gt' THEN has > wanted
    WHEN '$gte' THEN has >= wanted
  END
)`;

/** What a filter adds to the conditions of a statement. */
export interface FilterSql {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/**
 * Source: developers.cloudflare.com/vectorize/reference/metadata-filtering, seen 2026-11.
 *
 * @param indexes undefined: every property can be asked for
 * @throws Problem `bad-input`
 */
export function filterSql(filter: Readonly<Record<string, unknown>> | undefined, indexes: readonly MetadataIndex[] | undefined): FilterSql {
  if (filter === undefined) return { sql: "", parameters: [] };
  const conditions = conditionsOf(filter, indexes);
  if (conditions.length > maxConditions) throw bad(`a filter has at most ${maxConditions} comparisons`);
  return {
    sql: conditions.map(() => ` AND ${conditionSql}`).join(""),
    parameters: conditions.flatMap(({ path, comparison, value }) => [path, comparison, value]),
  };
}

function conditionsOf(filter: Readonly<Record<string, unknown>>, indexes: readonly MetadataIndex[] | undefined): Condition[] {
  const entries = Object.entries(filter);
  if (entries.length === 0) throw bad("a filter names one property at least");
  if (encoder.encode(JSON.stringify(filter)).length >= maxFilterBytes) throw bad(`a filter is shorter than ${maxFilterBytes} bytes`);
  return entries.flatMap(([property, wanted]) => {
    if (property === "" || property.length > 512 || property.startsWith("$") || /["|]/.test(property)) {
      throw bad('names in a filter are not empty, do not begin with $, have no " and no |, and at most 512 characters');
    }
    const index = indexes?.find((one) => one.property === property);
    if (indexes && !index) {
      const way = "`wrangler vectorize create-metadata-index` makes one, and vectors that are written after it can be found";
      throw bad(`there is no metadata index of ${JSON.stringify(property.slice(0, 64))}; ${way}`);
    }
    const comparisonsOfIt = typeof wanted === "object" && wanted !== null ? Object.entries(wanted) : [["$eq", wanted] as const];
    if (comparisonsOfIt.length === 0) throw bad("a property is compared with a value, or by $eq, $ne, $in, $nin, $lt, $lte, $gt or $gte");
    return comparisonsOfIt.map(([comparison, value]) => ({
      path: `$."${property}"`,
      comparison: comparisonOf(comparison),
      value: valueSql(comparisonOf(comparison), value, index?.type),
    }));
  });
}

function comparisonOf(name: string): Comparison {
  const found = comparisons.find((comparison) => comparison === name);
  if (!found) throw bad(`a filter has no ${JSON.stringify(name.slice(0, 20))}; it has ${comparisons.join(", ")}`);
  return found;
}

function valueSql(comparison: Comparison, value: unknown, type: PropertyType | undefined): SqlValue {
  if (comparison !== "$in" && comparison !== "$nin") return scalarSql(value, type);
  if (!Array.isArray(value) || value.length === 0) throw bad(`${comparison} takes a list of values`);
  return JSON.stringify(value.map((one: unknown) => scalarSql(one, type)));
}

/** SQLite's JSON has 1 and 0 for true and false. A value of another type than the index's is one that no vector has. */
function scalarSql(value: unknown, type: PropertyType | undefined): SqlValue {
  if (value === null) return null;
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    throw bad("values in a filter are strings, numbers, booleans or null");
  }
  if (type !== undefined && typeof value !== type) throw bad(`this property is indexed as a ${type}, and compared with a ${typeof value}`);
  return typeof value === "boolean" ? Number(value) : typeof value === "string" ? beginning(value) : value;
}

function bad(message: string): Problem {
  return new Problem("bad-input", message, { details: { field: "/filter" } });
}
