import * as fc from "fast-check";
import { getLlama, LlamaLogLevel, LlamaGrammarEvaluationState, type Llama, type LlamaModel } from "node-llama-cpp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { createJsonGrammar } from "./json-grammar.ts";
import { createJsonScanner } from "./json-scanner.ts";
import { tinyChatPath } from "./tiny-chat.case.ts";

let llama: Llama;
let model: LlamaModel;
let write: (schema: Schema, seed: number) => Promise<string | undefined>;

type Schema = Readonly<Record<string, unknown>>;

beforeAll(async () => {
  llama = await getLlama({ build: "never", skipDownload: true, gpu: false, logLevel: LlamaLogLevel.error, maxThreads: 1 });
  model = await llama.loadModel({ modelPath: tinyChatPath });
  const context = await model.createContext({ contextSize: 1024, threads: 1 });
  const sequence = context.getSequence();
  const start = model.tokenize("<|im_start|>assistant\n", true);

  /** What the model writes at random within the grammar; undefined: it came to no end. */
  write = async (schema, seed) => {
    const json = createJsonGrammar();
    const grammar = await llama.createGrammar({ grammar: json.text(json.valueOf(schema)) });
    const grammarEvaluationState = new LlamaGrammarEvaluationState({ model, grammar });
    await sequence.clearHistory();
    const scanner = createJsonScanner();
    const tokens: number[] = [];
    for await (const token of sequence.evaluate(start, { temperature: 1.5, topK: 0, topP: 1, seed, grammarEvaluationState })) {
      tokens.push(token);
      const text = model.detokenize(tokens as typeof start); // they are what evaluate gave
      for (const unit of text.slice(-model.detokenize([token]).length)) scanner.push(unit);
      if (scanner.complete) return text;
      if (tokens.length > 200) return undefined;
    }
    return model.detokenize(tokens as typeof start);
  };
});
afterAll(() => llama.dispose());

async function expectFit(schema: Schema, seed: number): Promise<boolean> {
  const text = await write(schema, seed);
  if (text === undefined) return false;
  expect(z.fromJSONSchema(schema).safeParse(JSON.parse(text)), text).toMatchObject({ success: true });
  return true;
}

const names = fc.constantFrom("a", "name", 'quo"te', "back\\slash", "new\nline", "ключ", "$ref", "const", "__proto__x", "");
const leaf = fc.oneof(
  fc.constant({ type: "boolean" }),
  fc.constant({ type: "integer", minimum: 0 }),
  fc.constant({ type: ["number", "null"] }),
  fc.record({ type: fc.constant("string"), minLength: fc.nat(3), maxLength: fc.integer({ min: 3, max: 6 }) }),
  fc.record({ enum: fc.uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean()), { minLength: 1, maxLength: 3 }) }),
  fc.record({ const: fc.string() }),
);
const { schema: schemas } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.uniqueArray(fc.tuple(names, tie("schema"), fc.boolean()), { selector: ([name]) => name, maxLength: 5 }).map((properties) => ({
      type: "object",
      properties: Object.fromEntries(properties.map(([name, schema]) => [name, schema])),
      required: properties.filter(([, , required]) => required).map(([name]) => name),
      additionalProperties: false,
    })),
    fc.record({ type: fc.constant("array"), items: tie("schema"), minItems: fc.nat(2), maxItems: fc.integer({ min: 2, max: 4 }) }),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  ),
}));

describe("a grammar made from a JSON schema", () => {
  it("lets no bytes be written that are no letter of Unicode", async () => {
    const texts = { type: "array", items: { type: "string", minLength: 2, maxLength: 6 }, minItems: 1, maxItems: 3 };
    const seed = 823; // with which the model wants to write such bytes
    expect(await write({ type: "array", items: texts, minItems: 2, maxItems: 3 }, seed)).not.toContain("\uFFFD");
  });

  it("lets nothing be written that does not fit", async () => {
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(schemas, fc.nat(1000), async (schema, seed) => {
        if (await expectFit(schema, seed)) ended++;
      }),
      { numRuns: 60 },
    );
    expect(ended).toBeGreaterThan(20);
  });

  it("follows references, to itself too", async () => {
    const tree = {
      $ref: "#/$defs/tree",
      $defs: { tree: { type: "object", properties: { size: { type: "integer" }, left: { $ref: "#/$defs/tree" } }, required: ["size"] } },
    };
    for (const seed of [1, 2, 3, 4, 5]) await expectFit(tree, seed);
  });

  it("takes allOf as one schema", async () => {
    const schema = {
      allOf: [
        { type: "object", properties: { a: { const: 1 } }, required: ["a"] },
        { properties: { b: { const: 2 } }, required: ["b"] },
      ],
    };
    expect(JSON.parse((await write(schema, 1)) ?? "")).toEqual({ a: 1, b: 2 });
  });

  it("leaves optional properties to the model, each by itself", async () => {
    const properties = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [name, { const: true }]));
    const written = new Set<string>();
    for (let seed = 0; seed < 30; seed++)
      written.add(Object.keys(JSON.parse((await write({ type: "object", properties, required: ["c"] }, seed)) ?? "")).join(""));
    expect(written.size).toBeGreaterThan(4);
    for (const keys of written) expect(keys).toMatch(/^a?b?cd?e?f?$/);
  });

  it("stays small for objects of many optional properties inside each other", () => {
    const nested = (depth: number): Schema => ({
      type: "object",
      properties: Object.fromEntries(
        ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => [name, depth === 0 ? { type: "string" } : nested(depth - 1)]),
      ),
    });
    const json = createJsonGrammar();
    expect(json.text(json.valueOf(nested(2))).length).toBeLessThan(10_000);
  });

  it("reads long lists of texts letter by letter", async () => {
    const texts = Array.from({ length: 3_000 }, (_, i) => `the ${i % 7} 😀${i}"`);
    const json = createJsonGrammar();
    expect(json.text(json.valueOf({ enum: texts })).length).toBeLessThan(JSON.stringify(texts).length);
    for (const seed of [1, 2, 3]) expect(texts).toContain(JSON.parse((await write({ enum: texts }, seed)) ?? ""));
    await expectFit({ anyOf: [{ const: "a" }, { enum: ["ab", "abc", "", 1, 12, null, { a: 1 }] }, { type: "string", maxLength: 9 }] }, 4);
  });

  const reference = (name: string) => ({ $ref: `#/$defs/${name}` });
  const arrays = (count: number, items: Schema) => ({
    anyOf: Array.from({ length: count }, (_, i) => ({ type: "array", items, minItems: 1, maxItems: 10 + i })),
  });
  const objectOf = (properties: Schema) => ({ type: "object", properties, required: Object.keys(properties) });
  const tree = (...nodes: Schema[]) => ({ ...reference("node"), $defs: { node: { anyOf: [...nodes, { type: "integer" }] } } });
  const node = reference("node");

  it("is refused where alternatives that begin alike are inside each other, as the ways of reading would multiply", () => {
    const levels = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`level${i}`, arrays(10, reference(`level${i + 1}`))]));
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`p${i}`, {}]));
    const bad = {
      "arrays at each level": { ...reference("level0"), $defs: { ...levels, level6: { type: "string" } } },
      "arrays in themselves": tree({ type: "array", items: node }, { type: "array", items: node, minItems: 2 }),
      "arrays in themselves, by way of objects": tree({ type: "array", items: objectOf({ a: node }) }, { type: "array", items: node }),
      "objects of one first key": tree(objectOf({ a: node, b: { const: 1 } }), objectOf({ a: node, b: { const: 2 } })),
      "objects of one key that may be left out": tree(
        { type: "object", properties: { a: node, b: {} } },
        { type: "object", properties: { a: node, c: {} } },
      ),
      "objects of any key": tree({ type: "object", additionalProperties: node }, objectOf({ a: node })),
      "objects that the same text begins": tree(
        objectOf({ kind: { enum: ["x", "y"] }, a: node }),
        objectOf({ kind: { enum: ["y", "z"] }, a: node, b: node }),
      ),
      "very many that may be left out": { type: "object", properties: many },
      "very many first letters": { enum: Array.from({ length: 600 }, (_, i) => String.fromCodePoint(0x4e00 + i)) },
    };
    for (const [what, schema] of Object.entries(bad)) {
      expect(() => createJsonGrammar().valueOf(schema), what).toThrow("the JSON schema cannot be used: it leaves more than 500 ways open");
    }
  });

  it("is made where alternatives are soon told apart, however deep they are inside each other", async () => {
    const good = [
      tree(objectOf({ kind: { const: "sum" }, a: node, b: node }), objectOf({ kind: { const: "minus" }, a: node })),
      tree(objectOf({ id: { type: "integer" }, sum: node }), objectOf({ id: { type: "integer" }, minus: node })),
      tree(
        objectOf({ id: { type: "integer" }, kind: { enum: ["x", "y"] }, a: node }),
        objectOf({ id: { type: "integer" }, kind: { const: "z" }, a: node }),
      ),
      tree({ type: "array", items: node, maxItems: 3 }, objectOf({ a: node }), { type: "string" }),
      // As Pydantic writes classes with a base, whose kinds have a default.
      tree(
        ...["sum", "minus"].map((kind) => ({
          type: "object",
          properties: {
            note: { anyOf: [{ type: "boolean" }, { type: "null" }], default: null },
            kind: { const: kind, default: kind, type: "string" },
            a: node,
          },
          required: ["a"],
        })),
      ),
      tree({}, { type: "array", items: node }),
      arrays(20, arrays(20, { type: "boolean" })),
      {
        anyOf: [
          objectOf({ a: { type: "integer" } }),
          objectOf({ a: { type: "boolean" } }),
          { type: "object", properties: { a: { const: 5 } } },
        ],
      },
    ];
    for (const schema of good) for (const seed of [1, 2, 3]) await expectFit(schema, seed);
  });

  it("is refused where nothing would fit, or too much is asked", () => {
    const circle = { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } };
    let deep: Schema = { type: "string" };
    for (let i = 0; i < 100; i++) deep = { type: "array", items: deep };
    const many = Array.from({ length: 2_000 }, (_, i) => `p${i}`);
    const part = { properties: Object.fromEntries(many.map((name) => [name, {}])), required: many };
    const bad = [
      { $defs: { part }, allOf: many.map(() => ({ $ref: "#/$defs/part" })) },
      { enum: [] },
      { anyOf: [] },
      { $ref: "https://a.b/c" },
      { $ref: "#/no" },
      { type: "banana" },
      { minItems: 10 ** 9 },
      circle,
      deep,
    ];
    for (const schema of [...bad, { type: "string", minLength: 5, maxLength: 2 }, { enum: ["x".repeat(200_000)] }]) {
      expect(() => createJsonGrammar().valueOf(schema), JSON.stringify(schema).slice(0, 80)).toThrow("the JSON schema cannot be used");
    }
  });
});
