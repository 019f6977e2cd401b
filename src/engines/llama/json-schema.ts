import { Problem } from "../../core/index.ts";

/** A JSON Schema in the subset that the grammar compiler of node-llama-cpp takes. */
export type GrammarSchema = Readonly<Record<string, unknown>>;

type Schema = Readonly<Record<string, unknown>>;

const limits = { characters: 100_000, depth: 32, nodes: 4_000, repetitions: 500, optionalInAllWays: 4 };

const scalars = ["string", "number", "integer", "boolean", "null"] as const;
const anything: GrammarSchema = {
  oneOf: [{ type: ["string", "number", "boolean", "null"] }, { type: "array" }, { type: "object", additionalProperties: true }],
};
export const anyObject: GrammarSchema = { type: "object", additionalProperties: true };

/**
 * Reduces a schema to what a grammar can hold an answer to. References become definitions, recursive ones too; `anyOf` becomes `oneOf`,
 * `allOf` one schema; objects are closed, their properties in the order of the schema. Keywords that a grammar cannot express
 * (`pattern`, `minimum`, `uniqueItems`, `not`, …) are dropped, so an answer may break those.
 *
 * @throws Problem json-mode-unmet
 */
export function reduceSchema(schema: Schema): GrammarSchema {
  if (JSON.stringify(schema).length > limits.characters) throw unusable(`it is longer than ${limits.characters} characters`);
  const definitions = new Map<string, { readonly name: string; reduced: GrammarSchema }>();
  let nodes = 0;

  function reduce(given: unknown, depth: number): GrammarSchema {
    if (depth > limits.depth) throw unusable(`it is nested deeper than ${limits.depth} levels`);
    if (++nodes > limits.nodes) throw unusable("it is too large");
    if (given === false) throw unusable("a part of it is false, which no value fits");
    if (!isSchema(given)) return anything;
    if (typeof given["$ref"] === "string") return definition(given["$ref"], depth);
    if ("const" in given) return literal(given["const"]);
    if (Array.isArray(given["enum"])) return oneOf(given["enum"].map(literal), "its enum is empty");
    const { allOf, anyOf, oneOf: exactlyOne, ...rest } = given;
    if (Array.isArray(allOf)) return reduce(allOf.map(resolve).reduce(merge, without({ ...rest, anyOf, oneOf: exactlyOne })), depth + 1);
    const ways = Array.isArray(anyOf) ? anyOf : Array.isArray(exactlyOne) ? exactlyOne : undefined;
    if (ways) {
      const possible = ways.filter((way) => way !== false);
      return oneOf(
        possible.map((way) =>
          reduce(isSchema(way) && "$ref" in way && Object.keys(rest).length === 0 ? way : merge(rest, resolve(way)), depth + 1),
        ),
        "none of its alternatives is possible",
      );
    }
    return ofTypes(given, depth);
  }

  function ofTypes(given: Schema, depth: number): GrammarSchema {
    const types = typesOf(given);
    if (types.length === 0) return anything;
    const plain = types.filter((type) => isScalar(type) && type !== "string");
    const ways: GrammarSchema[] = plain.length > 0 ? [{ type: plain }] : [];
    if (types.includes("string")) ways.unshift(ofString(given));
    if (types.includes("array")) ways.push(ofArray(given, depth));
    if (types.includes("object")) ways.push(ofObject(given, depth));
    return oneOf(ways, "its type is none that JSON has");
  }

  function ofArray(given: Schema, depth: number): GrammarSchema {
    const { items, prefixItems } = given;
    return without({
      type: "array",
      items: items === undefined || typeof items === "boolean" ? undefined : reduce(items, depth + 1),
      prefixItems: Array.isArray(prefixItems) ? prefixItems.map((item) => reduce(item, depth + 1)) : undefined,
      minItems: least(given["minItems"], "minItems"),
      maxItems: items === false && Array.isArray(prefixItems) ? prefixItems.length : most(given["maxItems"]),
    });
  }

  function ofObject(given: Schema, depth: number): GrammarSchema {
    const properties = isSchema(given["properties"]) ? given["properties"] : {};
    const required = Array.isArray(given["required"]) ? given["required"].filter((name): name is string => typeof name === "string") : [];
    const additional = given["additionalProperties"];
    const names = [...Object.keys(properties), ...required.filter((name) => !Object.hasOwn(properties, name))];
    if (names.length === 0) {
      const open = additional === false ? false : isSchema(additional) ? reduce(additional, depth + 1) : true;
      return { type: "object", properties: {}, additionalProperties: open };
    }
    const reduced = new Map(names.map((name) => [name, reduce(Object.hasOwn(properties, name) ? properties[name] : true, depth + 1)]));
    const ways = waysToChoose(names, new Set(required)).map((chosen) => ({
      type: "object",
      properties: Object.fromEntries(chosen.map((name) => [name, reduced.get(name)])),
    }));
    return oneOf(ways, "it has no properties");
  }

  function definition(reference: string, depth: number): GrammarSchema {
    const known = definitions.get(reference);
    if (known) return { $ref: `#/$defs/${known.name}` };
    const added = { name: `definition-${definitions.size}`, reduced: anything };
    definitions.set(reference, added);
    added.reduced = reduce(target(reference), depth + 1);
    return { $ref: `#/$defs/${added.name}` };
  }

  function target(reference: string): unknown {
    if (!reference.startsWith("#")) throw unusable("it refers to another document");
    let found: unknown = schema;
    for (const step of reference.slice(1).split("/").slice(1)) {
      const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
      found = typeof found === "object" && found !== null && Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
    }
    if (found === undefined) throw unusable("it refers to a definition that it does not have");
    return found;
  }

  /** A subschema to be merged with others: followed to where it is written. */
  function resolve(given: unknown): Schema {
    let found = given;
    for (let steps = 0; isSchema(found) && typeof found["$ref"] === "string"; steps++) {
      if (steps > limits.depth) throw unusable("its references go round in circles");
      found = target(found["$ref"]);
    }
    return isSchema(found) ? found : {};
  }

  const root = reduce(schema, 0);
  if (definitions.size === 0) return root;
  return { ...root, $defs: Object.fromEntries([...definitions.values()].map(({ name, reduced }) => [name, reduced])) };
}

function merge(one: Schema, other: Schema): Schema {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const both = (key: string) => ({ ...(isSchema(one[key]) ? one[key] : {}), ...(isSchema(other[key]) ? other[key] : {}) });
  return without({
    ...one,
    ...other,
    properties: "properties" in one || "properties" in other ? both("properties") : undefined,
    required: "required" in one || "required" in other ? [...new Set([...list(one["required"]), ...list(other["required"])])] : undefined,
  });
}

/**
 * The sets of properties that an object may have. All subsets where few are optional; else all, none, or one of the optional ones:
 * a grammar with a way for each subset would double with every property.
 */
function waysToChoose(names: readonly string[], required: ReadonlySet<string>): string[][] {
  const optional = names.filter((name) => !required.has(name));
  let sets: string[][] = [optional, ...optional.map((name) => [name]), []];
  if (optional.length <= limits.optionalInAllWays) {
    sets = optional.reduce<string[][]>((subsets, name) => [...subsets.map((subset) => [...subset, name]), ...subsets], [[]]);
  }
  const distinct = new Map(sets.map((set) => [set.join("\0"), set]));
  return [...distinct.values()].map((set) => names.filter((name) => required.has(name) || set.includes(name)));
}

function ofString(given: Schema): GrammarSchema {
  const { format } = given;
  if (format === "date" || format === "time" || format === "date-time") return { type: "string", format };
  return without({ type: "string", minLength: least(given["minLength"], "minLength"), maxLength: most(given["maxLength"]) });
}

function literal(value: unknown): GrammarSchema {
  if (Array.isArray(value)) return { type: "array", prefixItems: value.map(literal), minItems: value.length, maxItems: value.length };
  if (isSchema(value))
    return { type: "object", properties: Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)])) };
  return { const: value };
}

function oneOf(ways: readonly GrammarSchema[], otherwise: string): GrammarSchema {
  const [only] = ways;
  if (!only) throw unusable(otherwise);
  return ways.length === 1 ? only : { oneOf: ways };
}

function typesOf(given: Schema): string[] {
  const { type } = given;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type.filter((one): one is string => typeof one === "string");
  if ("properties" in given || "required" in given || "additionalProperties" in given) return ["object"];
  if ("items" in given || "prefixItems" in given) return ["array"];
  return [];
}

function least(value: unknown, keyword: string): number | undefined {
  if (typeof value !== "number" || value <= 0) return undefined;
  if (value > limits.repetitions) throw unusable(`its ${keyword} is over ${limits.repetitions}`);
  return Math.ceil(value);
}

function most(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= limits.repetitions ? Math.floor(value) : undefined;
}

function without(given: Schema): Schema {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function isSchema(given: unknown): given is Schema {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function isScalar(type: string): boolean {
  return (scalars as readonly string[]).includes(type);
}

function unusable(why: string): Problem {
  return new Problem("json-mode-unmet", `the JSON schema cannot be used: ${why}`);
}
