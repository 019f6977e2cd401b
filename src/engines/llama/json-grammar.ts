import { Problem } from "../../core/index.ts";
import { literal, literalsOf } from "./literals.ts";
import { type Property, readsWithin, type RuleName, type Shape } from "./parse-stacks.ts";

type Schema = Readonly<Record<string, unknown>>;

const limits = { characters: 100_000, depth: 32, nodes: 4_000, repetitions: 500, merged: 100_000, stacks: 500 };

/**
 * Space and digits are bounded: a model that has lost its way may write them for ever, and JavaScript keeps 15 digits exactly. Letters are
 * named, not what is none: llama.cpp takes bytes past the last one of Unicode for a letter, and their reader for four that cannot be read.
 */
const basics: Readonly<Record<string, string>> = {
  space: String.raw`| " " | "\n" [ \t]{0,20}`,
  letter: String.raw`[ !#-\[\]-~\x80-\uD7FF\uE000-\U0010FFFF] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})`,
  string: String.raw`"\"" letter* "\""`,
  natural: String.raw`"0" | [1-9] [0-9]{0,14}`,
  integer: String.raw`"-"? natural`,
  number: String.raw`integer fraction`,
  "positive-number": String.raw`natural fraction`,
  fraction: String.raw`("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?`,
  boolean: String.raw`"true" | "false"`,
  null: String.raw`"null"`,
  value: String.raw`object | array | string | number | boolean | null`,
  object: String.raw`"{" space (pair ("," space pair)*)? space "}"`,
  pair: String.raw`string ":" space value`,
  array: String.raw`"[" space (value ("," space value)*)? space "]"`,
  date: String.raw`[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])`,
  time: String.raw`([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{3})? ("Z" | [+-] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])`,
};

const leaf = (opens: string): Shape => ({ kind: "leaf", opens, ways: 1 });

/** Of the basics that are values. */
const basicShapes: Readonly<Record<string, Shape>> = {
  string: leaf('"'),
  natural: leaf("0"),
  integer: leaf("0"),
  number: leaf("0"),
  "positive-number": leaf("0"),
  boolean: leaf("tf"),
  null: leaf("n"),
  value: leaf('{["0tfn'),
  object: leaf("{"),
  array: leaf("["),
};

/** A GBNF grammar that is put together from rules. Source: github.com/ggml-org/llama.cpp/blob/master/grammars/README.md, seen 2026-11. */
export interface JsonGrammar {
  /**
   * The rule for the values that fit a JSON Schema. Objects are closed, and their properties come in the order of the schema, the
   * optional ones or not. Keywords that a grammar cannot express (`pattern`, `maximum`, `uniqueItems`, `not`, …) are left out, so an
   * answer may break those. `oneOf` is taken as `anyOf`.
   *
   * Source: json-schema.org/draft/2020-12, seen 2026-11.
   *
   * @throws Problem json-mode-unmet
   */
  valueOf(schema: Schema): RuleName;
  /** The rule for objects with exactly these properties, in this order. */
  objectOf(properties: readonly (readonly [name: string, value: RuleName])[]): RuleName;
  /** The rule for what fits one of these. @throws Problem json-mode-unmet */
  eitherOf(ways: readonly RuleName[]): RuleName;
  /** The whole grammar, for texts that a rule allows and, where they may begin with it, space before them. */
  text(root: RuleName, begin?: { readonly space: boolean }): string;
}

/**
 * Ours and not node-llama-cpp's, which makes every property required: a model that is held to that must make up what nobody has said.
 */
export function createJsonGrammar(): JsonGrammar {
  const rules = createRules();
  const checked = (name: RuleName): RuleName => {
    if (readsWithin(limits.stacks, name, rules.shapes)) return name;
    throw unusable(
      `it leaves more than ${limits.stacks} ways open at one place; a required property with a const, before all others, tells alternatives apart`,
    );
  };
  return {
    valueOf: (schema) => checked(readSchema(schema, rules)),
    objectOf: (properties) => rules.object(properties.map(([name, value]) => ({ name, value, required: true }))),
    eitherOf: (ways) => checked(rules.either(ways)),
    text: (root, { space } = { space: false }) =>
      [["root", space ? `space ${root}` : root], ...rules.bodies, ...Object.entries(basics)]
        .map(([name, body]) => `${name} ::= ${body}`)
        .join("\n"),
  };
}

interface Rules {
  /** By name. */
  readonly bodies: Map<RuleName, string>;
  readonly shapes: Map<RuleName, Shape>;
  /** A rule with this body, which may use `space`, `object` and the like. Without a shape it is no value by itself. */
  rule(body: string, shape?: Shape): RuleName;
  texts(texts: readonly string[]): RuleName;
  object(properties: readonly Property[]): RuleName;
  either(ways: readonly RuleName[]): RuleName;
}

function createRules(): Rules {
  const bodies = new Map<RuleName, string>();
  const shapes = new Map<RuleName, Shape>(Object.entries(basicShapes));
  const namesOfBodies = new Map<string, RuleName>();

  function rule(body: string, shape?: Shape): RuleName {
    if (Object.hasOwn(basics, body)) return body;
    const known = namesOfBodies.get(body);
    const name = known ?? `rule-${bodies.size}`;
    if (!known) {
      bodies.set(name, body);
      namesOfBodies.set(body, name);
    }
    if (shape) shapes.set(name, shape);
    return name;
  }

  function texts(given: readonly string[]): RuleName {
    const { body, ways } = literalsOf(given);
    return rule(body, { kind: "texts", texts: given, ways });
  }

  function object(properties: readonly Property[]): RuleName {
    const pairs = properties.map(({ name, required, value }) => ({
      required,
      rule: rule(`${literal(JSON.stringify(name))} ":" space ${value}`),
    }));
    // From the last property to the first: what may follow it when nothing is written yet, and when something is.
    let atFirst = rule('""');
    let afterOne = rule('""');
    for (const pair of pairs.toReversed()) {
      const nowFirst = `${pair.rule} ${afterOne}`;
      const nowNext = `"," space ${pair.rule} ${afterOne}`;
      atFirst = rule(pair.required ? nowFirst : `${nowFirst} | ${atFirst}`);
      afterOne = rule(pair.required ? nowNext : `${nowNext} | ${afterOne}`);
    }
    return rule(`"{" space ${atFirst} space "}"`, { kind: "object", properties });
  }

  /** What one of the others allows anyway is left out, and fixed texts are read together. */
  function either(ways: readonly RuleName[]): RuleName {
    const all = [...new Set(ways)];
    if (all.includes("value")) return "value";
    const fixed = all.flatMap((way) => {
      const shape = shapes.get(way);
      return shape?.kind === "texts" ? shape.texts : [];
    });
    const others = all.filter((way) => shapes.get(way)?.kind !== "texts" && !(all.includes("string") && isPartOfString(way)));
    const open = all.includes("string") ? fixed.filter((text) => !text.startsWith('"')) : fixed;
    const distinct = open.length > 0 ? [...others, texts(open)] : others;
    return rule(distinct.join(" | "), { kind: "either", ways: distinct });
  }

  function isPartOfString(way: RuleName): boolean {
    const shape = shapes.get(way);
    return way !== "string" && shape?.kind === "leaf" && shape.opens === '"';
  }

  return { bodies, shapes, rule, texts, object, either };
}

function readSchema(schema: Schema, { bodies, shapes, rule, texts, object, either }: Rules): RuleName {
  if (JSON.stringify(schema).length > limits.characters) throw unusable(`it is longer than ${limits.characters} characters`);
  const definitions = new Map<string, RuleName>();
  let nodes = 0;
  let merged = 0;

  function read(given: unknown, depth: number): RuleName {
    if (depth > limits.depth) throw unusable(`it is nested deeper than ${limits.depth} levels`);
    if (++nodes > limits.nodes) throw unusable("it is too large");
    if (given === false) throw unusable("a part of it is false, which no value fits");
    if (!isSchema(given)) return "value";
    const { $ref: reference, allOf, anyOf, oneOf, ...rest } = given;
    if (typeof reference === "string") return definition(reference, depth);
    if ("const" in given) return texts([JSON.stringify(given["const"])]);
    if (Array.isArray(given["enum"])) {
      if (given["enum"].length === 0) throw unusable("its enum is empty");
      return texts(given["enum"].map((value) => JSON.stringify(value)));
    }
    if (Array.isArray(allOf)) return read(allOf.map(resolve).reduce(join, present({ ...rest, anyOf, oneOf })), depth + 1);
    const ways = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined;
    if (!ways) return ofTypes(given, depth);
    const alone = Object.keys(rest).every((key) => annotations.has(key));
    const possible = ways.filter((way) => way !== false);
    if (possible.length === 0) throw unusable("none of its alternatives is possible");
    return either(possible.map((way) => read(alone ? way : join(rest, resolve(way)), depth + 1)));
  }

  /** Merging copies all properties, so that many references to one large schema would take minutes. */
  function join(one: Schema, other: Schema): Schema {
    const both = merge(one, other);
    const properties = isSchema(both["properties"]) ? both["properties"] : {};
    merged += Object.keys(both).length + Object.keys(properties).length + listOf(both["required"]).length;
    if (merged > limits.merged) throw unusable("it is too large");
    return both;
  }

  function ofTypes(given: Schema, depth: number): RuleName {
    const types = typesOf(given);
    if (!types) return "value";
    const positive = [given["minimum"], given["exclusiveMinimum"]].some((bound) => typeof bound === "number" && bound >= 0);
    const ways = types.map((type) => {
      if (type === "string") return ofString(given);
      if (type === "object") return ofObject(given, depth);
      if (type === "array") return ofArray(given, depth);
      if (type === "number") return positive ? "positive-number" : "number";
      if (type === "integer") return positive ? "natural" : "integer";
      if (type === "boolean" || type === "null") return type;
      throw unusable("its type is none that JSON has");
    });
    if (ways.length === 0) throw unusable("its type is none that JSON has");
    return either(ways);
  }

  function ofString(given: Schema): RuleName {
    const { format } = given;
    const quote = String.raw`"\""`;
    if (format === "date" || format === "time") return rule(`${quote} ${format} ${quote}`, leaf('"'));
    if (format === "date-time") return rule(`${quote} date "T" time ${quote}`, leaf('"'));
    const times = repetition(least(given["minLength"], "minLength"), most(given["maxLength"]));
    return times === "*" ? "string" : rule(`${quote} letter${times} ${quote}`, leaf('"'));
  }

  function ofArray(given: Schema, depth: number): RuleName {
    const { prefixItems, items } = given;
    const first = Array.isArray(prefixItems) ? prefixItems.map((item) => read(item, depth + 1)) : [];
    const fewest = Math.max(0, least(given["minItems"], "minItems") - first.length);
    const largest = items === false ? 0 : most(given["maxItems"]);
    const more = largest === undefined ? undefined : Math.max(0, largest - first.length);
    const open = String.raw`"[" space`;
    const close = String.raw`space "]"`;
    if (first.length > 0) {
      const others = more === 0 ? [] : [read(items ?? true, depth + 1)];
      const rest = others.map((item) => `("," space ${item})${repetition(fewest, more)}`).join("");
      return rule(`${open} ${first.join(' "," space ')} ${rest} ${close}`, { kind: "array", items: [...first, ...others] });
    }
    if (more === 0) return rule(`${open} ${close}`, leaf("["));
    const item = read(items ?? true, depth + 1);
    const some = `${item} ("," space ${item})${repetition(Math.max(0, fewest - 1), more === undefined ? undefined : more - 1)}`;
    return rule(`${open} ${fewest > 0 ? some : `(${some})?`} ${close}`, { kind: "array", items: [item] });
  }

  function ofObject(given: Schema, depth: number): RuleName {
    const properties = isSchema(given["properties"]) ? given["properties"] : {};
    const required = new Set(Array.isArray(given["required"]) ? given["required"].filter((name) => typeof name === "string") : []);
    const names = [...Object.keys(properties), ...[...required].filter((name) => !Object.hasOwn(properties, name))];
    const additional = given["additionalProperties"];
    if (names.length === 0) {
      if (additional === false || given["maxProperties"] === 0) return rule(String.raw`"{" space "}"`, leaf("{"));
      if (!isSchema(additional)) return "object";
      const value = read(additional, depth + 1);
      const pair = `string ":" space ${value}`;
      // Of any name: as far as ways go, one that may be left out.
      return rule(`"{" space (${pair} ("," space ${pair})*)? space "}"`, {
        kind: "object",
        properties: [{ name: "", required: false, value }],
      });
    }
    return object(
      names.map((name) => ({
        name,
        required: required.has(name) || isSaidAnyway(properties[name]),
        value: read(Object.hasOwn(properties, name) ? properties[name] : true, depth + 1),
      })),
    );
  }

  function definition(reference: string, depth: number): RuleName {
    const known = definitions.get(reference);
    if (known) return known;
    // The name is needed before the rule is known: a definition may use itself.
    const name = `definition-${bodies.size}`;
    bodies.set(name, "");
    definitions.set(reference, name);
    const body = read(target(reference), depth + 1);
    if (body === name) throw unusable("its references go round in circles");
    bodies.set(name, body);
    shapes.set(name, { kind: "either", ways: [body] });
    return name;
  }

  function target(reference: string): unknown {
    if (!reference.startsWith("#")) throw unusable("it refers to another document");
    let found: unknown = schema;
    for (const step of reference.slice(1).split("/").slice(1)) {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      found = typeof found === "object" && found !== null && Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
    }
    if (found === undefined) throw unusable("it refers to a definition that it does not have");
    return found;
  }

  /** A subschema to be merged with others, followed to where it is written. */
  function resolve(given: unknown): Schema {
    let found = given;
    for (let steps = 0; isSchema(found) && typeof found["$ref"] === "string"; steps++) {
      if (steps > limits.depth) throw unusable("its references go round in circles");
      found = target(found["$ref"]);
    }
    return isSchema(found) ? found : {};
  }

  return read(schema, 0);
}

/** Keywords that say nothing about which values fit. */
const annotations: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$defs",
  "$comment",
  "definitions",
  "title",
  "description",
  "default",
  "examples",
]);

function merge(one: Schema, other: Schema): Schema {
  const both = (key: string) => ({ ...(isSchema(one[key]) ? one[key] : {}), ...(isSchema(other[key]) ? other[key] : {}) });
  return present({
    ...one,
    ...other,
    properties: "properties" in one || "properties" in other ? both("properties") : undefined,
    required:
      "required" in one || "required" in other ? [...new Set([...listOf(one["required"]), ...listOf(other["required"])])] : undefined,
  });
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** undefined: of any type. */
function typesOf(given: Schema): unknown[] | undefined {
  const { type } = given;
  if (Array.isArray(type)) return type;
  if (type !== undefined) return [type];
  if (["properties", "required", "additionalProperties"].some((key) => key in given)) return ["object"];
  if (["items", "prefixItems", "minItems", "maxItems"].some((key) => key in given)) return ["array"];
  return ["minLength", "maxLength", "format", "pattern"].some((key) => key in given) ? ["string"] : undefined;
}

function least(value: unknown, keyword: string): number {
  if (typeof value !== "number" || value <= 0) return 0;
  if (value > limits.repetitions) throw unusable(`its ${keyword} is over ${limits.repetitions}`);
  return Math.ceil(value);
}

/** A larger maximum than a grammar can count to is none: max_tokens comes first. */
function most(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= limits.repetitions ? Math.floor(value) : undefined;
}

function repetition(fewest: number, largest: number | undefined): string {
  if (largest !== undefined && largest < fewest) throw unusable("one of its maxima is below its minimum");
  return fewest === 0 && largest === undefined ? "*" : `{${fewest},${largest ?? ""}}`;
}

/** What is meant where it is left out is written: kinds of objects, as programs declare them, are told apart by it. */
function isSaidAnyway(given: unknown): boolean {
  return isSchema(given) && typeof given["const"] === "string" && given["const"] === given["default"];
}

function present(given: Schema): Schema {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function isSchema(given: unknown): given is Schema {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function unusable(why: string): Problem {
  return new Problem("json-mode-unmet", `the JSON schema cannot be used: ${why}`);
}
