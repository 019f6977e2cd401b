import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem, type Call, type Engine, type Part, type TextGenerationInput, type Usage } from "../../core/index.ts";
import { callOf } from "../conformance.ts";
import { createLlamaEngine } from "./engine.ts";
import { tinyChat } from "./tiny-chat.case.ts";

let engine: Engine;
beforeAll(() => {
  engine = createLlamaEngine({ threads: 1, sequences: 2, waiting: 6 });
});
afterAll(() => engine.close());

type TextPart = Part<"text-generation">;

const say = (content: string) => ({ role: "user" as const, content });
const chat = (...turns: string[]): TextGenerationInput => ({
  messages: turns.map((content, i) => ({ role: i % 2 === 0 ? "user" : "assistant", content })),
  temperature: 0,
});

type Changes = Partial<Call<"text-generation">>;

async function collect(input: TextGenerationInput, changes: Changes = {}, of = engine): Promise<TextPart[]> {
  const parts: TextPart[] = [];
  for await (const part of of.run(callOf<"text-generation">(tinyChat, input, changes))) parts.push(part);
  return parts;
}

async function ask(input: TextGenerationInput, changes: Changes = {}, of = engine) {
  const parts = await collect(input, changes, of);
  const last = parts.at(-1);
  if (last?.type !== "end") throw new Error("no end");
  return { ...last.output, usage: last.usage, deltas: parts.flatMap((part) => (part.type === "delta" ? [part.delta] : [])) };
}

async function problemOf(input: TextGenerationInput, of = engine): Promise<Problem> {
  try {
    await collect(input, {}, of);
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown;
  }
  throw new Error("no Problem was thrown");
}

const weather = {
  name: "get_weather",
  description: "Get the weather for a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const timer = {
  name: "set_timer",
  description: "Set a timer",
  parameters: { type: "object", properties: { minutes: { type: "integer" } }, required: ["minutes"] },
};

describe("tiny-chat", () => {
  it("greets", async () => {
    const { text, finish_reason: reason } = await ask(chat("Hello"));
    expect(text).toMatch(/hello|hi/i);
    expect(reason).toBe("stop");
  });

  it("remembers a name", async () => {
    const { text } = await ask(chat("My name is Zorbin.", "Nice to meet you, Zorbin.", "What is my name?"));
    expect(text).toContain("Zorbin");
  });

  it("calls a tool, and answers from its result", async () => {
    const asked = say("What is the weather in Lisbon?");
    const first = await ask({ messages: [asked], tools: [weather, timer], temperature: 0 });
    expect(first).toMatchObject({ text: "", finish_reason: "tool_calls", tool_calls: [{ name: "get_weather" }] });
    const [call] = first.tool_calls;
    expect(JSON.parse(call?.arguments ?? "")).toEqual({ city: "Lisbon" });
    const second = await ask({
      messages: [
        asked,
        { role: "assistant", content: "", tool_calls: first.tool_calls },
        { role: "tool", content: '{"temperature": 21}', tool_call_id: call?.id },
      ],
      tools: [weather, timer],
      temperature: 0,
    });
    expect(second.text).toContain("21");
    expect(second.finish_reason).toBe("stop");
  });
});

/** How often the commonest character of an answer stands in it, and once more. */
async function most(penalties: TextGenerationInput): Promise<number> {
  const { text } = await ask({ prompt: "1 1 1 1 1 1 1 1", raw: true, temperature: 0, max_tokens: 24, ...penalties });
  return Math.max(...[...new Set(text)].map((unit) => text.split(unit).length));
}

describe("text generation", () => {
  const story = { ...chat("Tell me a story"), temperature: 1, max_tokens: 40 };

  it("repeats itself for the same seed, negative ones too, and not for others", async () => {
    for (const seed of [7, -1, 2 ** 40]) expect((await ask({ ...story, seed })).text).toBe((await ask({ ...story, seed })).text);
    const texts = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (seed) => (await ask({ ...story, temperature: 2, top_k: 50, seed })).text),
    );
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  it("ends after max_tokens tokens, with the reason length", async () => {
    const { finish_reason: reason, usage } = await ask({ ...chat("Tell me a story"), max_tokens: 5 });
    expect(reason).toBe("length");
    expect(usage["output-token"]).toBe(5);
  });

  it("counts the output token by token as it comes", async () => {
    const parts = await collect({ ...chat("Tell me a story"), max_tokens: 8 });
    const counts = parts.map(({ usage }) => usage["output-token"] ?? 0);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.slice(1)).toEqual(counts.slice(1).filter((count) => count > 0));
    expect(counts.at(-1)).toBe(8);
  });

  it("continues a raw prompt without a template, and wraps one that is not raw", async () => {
    const raw = await ask({ prompt: "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n", raw: true, temperature: 0 });
    const wrapped = await ask({ prompt: "Hello", temperature: 0 });
    expect(raw.text).toBe(wrapped.text);
    expect(promptTokens(raw.usage)).toBe(promptTokens(wrapped.usage));
  });

  it("ends before a stop string and lets no part of it through", async () => {
    const whole = (await ask(chat("Hello"))).text;
    for (let at = 1; at < whole.length - 3; at += 2) {
      const stop = whole.slice(at, at + 3);
      const { text, deltas, finish_reason: reason } = await ask({ ...chat("Hello"), stop: ["\u0001", stop] });
      expect(text).toBe(whole.slice(0, whole.indexOf(stop)));
      expect(deltas.map((delta) => delta.text ?? "").join("")).toBe(text);
      expect(reason).toBe("stop");
    }
  });

  it("makes the penalized tokens rarer", async () => {
    const free = await most({});
    expect(await most({ frequency_penalty: 2 })).toBeLessThan(free);
    expect(await most({ presence_penalty: 2 })).toBeLessThan(free);
    expect(await most({ repetition_penalty: 2 })).toBeLessThan(free);
  });

  it("says how likely each token was", async () => {
    const { text, logprobs = [], deltas } = await ask({ ...chat("Hello"), top_logprobs: 3 });
    expect(logprobs.map(({ token }) => token).join("")).toBe(text);
    expect(deltas.flatMap((delta) => delta.logprobs ?? [])).toEqual(logprobs);
    for (const { token, logprob, top } of logprobs) {
      expect(top).toHaveLength(3);
      expect(top[0]).toEqual({ token, logprob }); // greedy takes the likeliest
      expect(top.reduce((sum, one) => sum + Math.exp(one.logprob), 0)).toBeLessThanOrEqual(1.0001);
    }
    expect((await ask({ ...chat("Hello"), top_logprobs: 0 })).logprobs?.every(({ top }) => top.length === 0)).toBe(true);
  });

  it("refuses images, adapters and tools that it cannot serve, and names the field", async () => {
    const image = { type: "image" as const, image: { bytes: new Uint8Array(1), mediaType: "image/png" } };
    expect(await problemOf({ messages: [{ role: "user", content: [image] }] })).toMatchObject({
      code: "bad-input",
      details: { field: "/messages" },
    });
    expect(await problemOf({ ...chat("Hi"), lora: "x" })).toMatchObject({ code: "bad-input", details: { field: "/lora" } });
    expect(await problemOf({ ...chat("Hi"), tools: [weather], tool_choice: { name: "other" } })).toMatchObject({
      code: "bad-input",
      details: { field: "/tool_choice" },
    });
  });
});

describe("the context window", () => {
  let small: Engine;
  beforeAll(() => {
    small = createLlamaEngine({ threads: 1, sequences: 1, contextTokens: 256 });
  });
  afterAll(() => small.close());
  const long = chat("one two three ".repeat(25));

  it("refuses stated max_tokens that the prompt leaves no room for, and says what fits", async () => {
    const { code, details } = await problemOf({ ...long, max_tokens: 200, max_tokens_stated: true }, small);
    expect(code).toBe("context-exceeded");
    expect(details).toMatchObject({ field: "/max_tokens", contextTokens: 256 });
    const { inputTokens, maxTokensThatFit } = details as { inputTokens: number; maxTokensThatFit: number };
    expect(inputTokens + maxTokensThatFit).toBe(256);
  });

  it("answers with what fits when max_tokens was not stated, up to the last token of the window", async () => {
    const endless = { type: "array", items: { const: 1 }, minItems: 500 };
    const input: TextGenerationInput = { ...long, max_tokens: 200, response_format: { type: "json_schema", schema: endless } };
    const { usage, finish_reason: reason } = await ask(input, {}, small);
    expect(reason).toBe("length");
    expect(promptTokens(usage) + (usage["output-token"] ?? 0)).toBe(256);
  });

  it("refuses a prompt that fills it", async () => {
    expect(await problemOf(chat("word ".repeat(400)), small)).toMatchObject({
      code: "context-exceeded",
      details: { maxTokensThatFit: 0, field: "/messages" },
    });
  });
});

describe("memory of prompts", () => {
  const input = chat("My favourite colour is blue, my dog is called Rex and I live in Lisbon.");

  it("does not compute the same prompt twice for the same account, and says so", async () => {
    const first = await ask(input, { account: "returning" });
    const second = await ask(input, { account: "returning" });
    const total = promptTokens(first.usage);
    expect(first.usage).toMatchObject({ "input-token": total, "cached-input-token": 0 });
    expect(second.usage).toMatchObject({ "input-token": 1, "cached-input-token": total - 1 });
    expect(second.text).toBe(first.text);
  });

  it("shares nothing between accounts", async () => {
    for (const account of ["one", "two", "three", "four"]) expect((await ask(input, { account })).usage["cached-input-token"]).toBe(0);
  });

  it("goes on with a conversation where it was", async () => {
    const first = await ask(chat("My name is Zorbin."), { account: "talker" });
    const second = await ask(chat("My name is Zorbin.", first.text, "What is my name?"), { account: "talker" });
    expect(second.usage["cached-input-token"]).toBeGreaterThanOrEqual(promptTokens(first.usage));
  });
});

describe("calls at the same time", () => {
  it("wait in line, and are refused when the line is full", async () => {
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => ask({ ...chat("Tell me a story"), max_tokens: 20 })));
    const refused = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toMatchObject([{ code: "at-capacity" }, { code: "at-capacity" }]); // 2 run, 6 wait
  });

  it("answer what they would alone", async () => {
    const questions = ["Hello", "What is the capital of France?", "Tell me a joke", "Who are you?"];
    const alone: string[] = [];
    for (const question of questions) alone.push((await ask(chat(question))).text);
    const together = await Promise.all(questions.map(async (question) => (await ask(chat(question))).text));
    expect(together).toEqual(alone);
  });

  it("make room when the caller leaves, in the line and while the prompt is read", async () => {
    const long = chat("one two three ".repeat(180));
    for (let round = 0; round < 3; round++) {
      const leavers = Array.from({ length: 4 }, () => new AbortController());
      const left = leavers.map(({ signal }) => collect({ ...long, max_tokens: 100 }, { signal }));
      await new Promise((resolve) => setImmediate(resolve));
      for (const leaver of leavers) leaver.abort();
      for (const parts of await Promise.all(left)) expect(parts.every(({ type }) => type === "begin")).toBe(true);
    }
    expect((await Promise.all([ask(chat("Hello")), ask(chat("Hello"))])).map(({ finish_reason: reason }) => reason)).toEqual([
      "stop",
      "stop",
    ]);
  });
});

describe("answers in JSON", () => {
  const person = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" }, nick: { type: "string" } },
    required: ["name", "age"],
    additionalProperties: false,
  };
  const question = chat("My name is Mira and I am 30 years old. Reply in JSON with name and age.");

  it("fit the schema, streamed and whole", async () => {
    const { text, deltas, finish_reason: reason } = await ask({ ...question, response_format: { type: "json_schema", schema: person } });
    expect(JSON.parse(text)).toMatchObject({ name: expect.any(String), age: expect.any(Number) });
    expect(deltas.map((delta) => delta.text ?? "").join("")).toBe(text);
    expect(deltas.length).toBeGreaterThan(3);
    expect(reason).toBe("stop");
  });

  it("fit any seed and temperature", async () => {
    for (const seed of [1, 2, 3, 4]) {
      const { text, finish_reason: reason } = await ask({
        ...question,
        temperature: 2,
        seed,
        response_format: { type: "json_schema", schema: person },
        max_tokens: 800,
      });
      if (reason === "stop") expect(Object.keys(JSON.parse(text)).slice(0, 2)).toEqual(["name", "age"]);
    }
  });

  it("are an object in json_object", async () => {
    const { text } = await ask({ ...question, response_format: { type: "json_object" } });
    expect(JSON.parse(text)).toBeTypeOf("object");
  });

  it("hold recursive definitions, alternatives and values", async () => {
    const schema = {
      type: "object",
      properties: {
        kind: { const: "tree" },
        root: { $ref: "#/$defs/node" },
        size: { anyOf: [{ type: "null" }, { enum: ["big", "small"] }] },
      },
      required: ["kind", "root", "size"],
      $defs: {
        node: {
          type: "object",
          properties: { leaf: { type: "boolean" }, next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } },
          required: ["leaf", "next"],
        },
      },
    };
    const { text, finish_reason: reason } = await ask({ ...question, response_format: { type: "json_schema", schema } });
    expect(reason).toBe("stop");
    expect(JSON.parse(text)).toMatchObject({ kind: "tree", root: { leaf: expect.any(Boolean) } });
  });

  it("carry letters of every alphabet whole, in every delta", async () => {
    const greeting = "Ünïcödé 你好 👋🏽 नमस्ते";
    const { text, deltas } = await ask({
      ...question,
      response_format: { type: "json_schema", schema: { type: "object", properties: { a: { const: greeting } }, required: ["a"] } },
    });
    expect(JSON.parse(text)).toEqual({ a: greeting });
    expect(deltas.map((delta) => delta.text ?? "").filter((piece) => piece.includes("\ufffd"))).toEqual([]);
  });

  it("are refused where the ways of reading would multiply, and the next call is answered", async () => {
    const items = (level: number) => ({ $ref: `#/$defs/level${level}` });
    const arrays = (level: number) => Array.from({ length: 10 }, (_, i) => ({ type: "array", items: items(level), maxItems: 100 + i }));
    const levels = Array.from({ length: 8 }, (_, level) => [`level${level}`, { anyOf: arrays(level + 1) }] as const);
    const schema = { ...items(0), $defs: { ...Object.fromEntries(levels), level8: { type: "string" } } };
    expect(await problemOf({ ...chat("Hello"), response_format: { type: "json_schema", schema } })).toMatchObject({
      code: "json-mode-unmet",
    });
    const tools = [weather, { name: "f", parameters: { properties: { a: items(0) }, required: ["a"], $defs: schema.$defs } }];
    const refused = await problemOf({ ...chat("Hello"), tools, tool_choice: "required" });
    expect(refused).toMatchObject({ code: "bad-input", details: { field: "/tools/1/parameters" } });
    expect((await ask(chat("Hello"))).text).toMatch(/hello|hi/i);
  });

  it("are refused for a schema that cannot be used", async () => {
    for (const schema of [{ enum: [] }, { $ref: "#/nowhere" }, { type: "banana" }, { type: "array", items: {}, minItems: 1_000_000 }]) {
      expect(await problemOf({ ...question, response_format: { type: "json_schema", schema } })).toMatchObject({ code: "json-mode-unmet" });
    }
  });
});

describe("tool calls", () => {
  const asked = chat("What is the weather in Lisbon?");

  it("are streamed as they are written, and never leak into the text", async () => {
    const { deltas, tool_calls: calls } = await ask({ ...asked, tools: [weather, timer] });
    expect(deltas.every((delta) => delta.text === undefined)).toBe(true);
    const pieces = deltas.flatMap((delta) => delta.tool_call ?? []);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.filter(({ id }) => id !== undefined)).toHaveLength(1);
    expect(pieces[0]).toMatchObject({ index: 0, name: "get_weather", arguments: "" });
    expect(pieces.map((piece) => piece.arguments).join("")).toBe(calls[0]?.arguments);
  });

  it("have ids that are not given twice", async () => {
    const ids = new Set<string | undefined>();
    for (let i = 0; i < 3; i++) ids.add((await ask({ ...asked, tools: [weather] })).tool_calls[0]?.id);
    expect(ids.size).toBe(3);
  });

  it("are made when required, whatever is said, with arguments that fit", async () => {
    for (const seed of [1, 2, 3]) {
      const output = await ask({
        ...chat("Hello"),
        tools: [weather, timer],
        tool_choice: "required",
        temperature: 1,
        seed,
        parallel_tool_calls: false,
      });
      expect(output).toMatchObject({ text: "", finish_reason: "tool_calls" });
      expect(output.tool_calls).toHaveLength(1);
      const [call] = output.tool_calls;
      const given = JSON.parse(call?.arguments ?? "");
      expect(Object.keys(given)).toEqual(call?.name === "set_timer" ? ["minutes"] : ["city"]);
    }
  });

  it("are of the named function when one is named, and only one", async () => {
    const output = await ask({ ...asked, tools: [weather, timer], tool_choice: { name: "set_timer" } });
    expect(output).toMatchObject({ text: "", finish_reason: "tool_calls", tool_calls: [{ name: "set_timer" }] });
    expect(JSON.parse(output.tool_calls[0]?.arguments ?? "")).toEqual({ minutes: expect.any(Number) });
  });

  it("are not made when the choice is none: the model does not hear of the tools", async () => {
    const output = await ask({ ...asked, tools: [weather], tool_choice: "none" });
    const without = await ask(asked);
    expect(output).toMatchObject({ text: without.text, tool_calls: [], finish_reason: "stop" });
    expect(promptTokens(output.usage)).toBe(promptTokens(without.usage));
  });

  it("may leave out what is optional", async () => {
    const optional = {
      ...weather,
      parameters: { ...weather.parameters, properties: { city: { type: "string" }, unit: { enum: ["c", "f"] } } },
    };
    const output = await ask({ ...asked, tools: [optional] });
    expect(JSON.parse(output.tool_calls[0]?.arguments ?? "")).toMatchObject({ city: "Lisbon" });
  });

  it("are answered for tools without parameters", async () => {
    const output = await ask({ ...asked, tools: [{ name: "now" }], tool_choice: "required" });
    expect(output.tool_calls).toMatchObject([{ name: "now", arguments: "{}" }]);
  });
});

function promptTokens(usage: Usage): number {
  return (usage["input-token"] ?? 0) + (usage["cached-input-token"] ?? 0);
}
