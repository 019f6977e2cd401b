import { describe, expect, it } from "vitest";
import * as z from "zod";
import { Problem, taskOf, tasks, type ModelCard } from "../index.ts";
import { bytesOf } from "./task.ts";

const { wire } = tasks["text-generation"];
const native = wire["generated-text"];
const completion = wire["chat-completion"];
if (!native || !completion) throw new Error("text generation has lost a wire form");

const user = (content: unknown) => ({ role: "user", content });
const contextOf = (body: unknown) => ({ input: native.read(body), body, model: "@cf/x/y", callId: "1", at: 5_000 });

describe("a body of ai/run", () => {
  it("has either a prompt or messages", () => {
    expect(native.read({ prompt: "hi" })).toMatchObject({ prompt: "hi", max_tokens: 256 });
    expect(native.read({ messages: [user("hi")] })).toMatchObject({ messages: [{ role: "user", content: "hi" }], max_tokens: 256 });
    expect(() => native.read({ prompt: "hi", messages: [user("hi")] })).toThrow(Problem);
    expect(() => native.read({})).toThrow(z.ZodError);
    expect(() => native.read("hi")).toThrow(z.ZodError);
  });

  it("takes null for what is absent, as re-encoding gateways send it", () => {
    const body = { messages: [user("hi")], prompt: null, tools: null, max_tokens: null, stop: null, response_format: null };
    expect(native.read(body)).toMatchObject({ max_tokens: 256, tools: undefined, stop: undefined });
  });

  it("says whether max_tokens was asked for", () => {
    expect(native.read({ prompt: "hi" }).max_tokens_stated).toBeUndefined();
    expect(native.read({ prompt: "hi", max_tokens: 7 })).toMatchObject({ max_tokens: 7, max_tokens_stated: true });
    expect(native.read({ messages: [user("hi")], max_tokens: 7, max_completion_tokens: 9 }).max_tokens).toBe(9);
  });

  it("takes tools bare and wrapped", () => {
    const bare = { name: "f", description: "d", parameters: { type: "object" } };
    for (const tool of [bare, { type: "function", function: bare }]) {
      expect(native.read({ messages: [user("hi")], tools: [tool] }).tools).toEqual([bare]);
    }
  });

  it("takes every spelling of tool_choice, and none that names no tool", () => {
    const choose = (tool_choice: unknown, tools: unknown = [{ name: "f" }]) =>
      native.read({ messages: [user("hi")], tools, tool_choice }).tool_choice;
    expect(choose("auto")).toBe("auto");
    expect(choose("any")).toBe("required");
    expect(choose({ type: "function", function: { name: "f" } })).toEqual({ name: "f" });
    expect(() => choose({ type: "function", function: { name: "g" } })).toThrow(Problem);
    expect(() => choose("required", [])).toThrow(Problem);
  });

  it("takes a JSON schema bare and in OpenAI's wrapper", () => {
    const schema = { type: "object", properties: { a: { type: "string" } } };
    for (const json_schema of [schema, { name: "answer", strict: true, schema }]) {
      expect(native.read({ prompt: "hi", response_format: { type: "json_schema", json_schema } }).response_format).toEqual({
        type: "json_schema",
        schema,
      });
    }
    expect(native.read({ prompt: "hi", response_format: { type: "text" } }).response_format).toBeUndefined();
  });

  it("takes content as text, parts, null or nothing", () => {
    const contents = (message: object) => native.read({ messages: [message] }).messages?.[0]?.content;
    expect(contents({ role: "user", content: [{ type: "text", text: "hi" }] })).toEqual([{ type: "text", text: "hi" }]);
    expect(contents({ role: "assistant", content: null })).toEqual([]);
    expect(contents({ role: "assistant" })).toEqual([]);
  });

  it("takes pictures as data, never from an address", () => {
    const picture = (url: string) => native.read({ messages: [user([{ type: "image_url", image_url: { url } }])] }).messages?.[0]?.content;
    expect(picture("data:image/png;base64,aGk=")).toEqual([
      { type: "image", image: { mediaType: "image/png", bytes: new TextEncoder().encode("hi") } },
    ]);
    for (const url of ["http://169.254.169.254/latest", "file:///etc/passwd", "data:image/png,hi", "data:image/png;base64,%%%"]) {
      expect(() => picture(url)).toThrow(Problem);
    }
  });

  it("knows OpenAI's newer and older roles", () => {
    const roles = native.read({
      messages: [
        { role: "developer", content: "a" },
        { role: "function", name: "f", content: "b" },
      ],
    }).messages;
    expect(roles?.map(({ role }) => role)).toEqual(["system", "tool"]);
  });

  it("may say raw as the text true", () => {
    expect(native.read({ prompt: "hi", raw: "true" }).raw).toBe(true);
    expect(native.read({ prompt: "hi", raw: "false" }).raw).toBeUndefined();
  });
});

describe("the form generated-text", () => {
  const output = { text: '{"a":1}', tool_calls: [], finish_reason: "stop" } as const;
  const usage = { "input-token": 3, "cached-input-token": 2, "output-token": 4 };

  it("writes text as response, and the prompt's tokens with what was cached", () => {
    expect(native.write({ ...output, tool_calls: [] }, usage, contextOf({ prompt: "hi" }))).toEqual({
      response: '{"a":1}',
      finish_reason: "stop",
      usage: { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9, prompt_tokens_details: { cached_tokens: 2 } },
    });
  });

  it("writes a parsed value in JSON mode, and text where the answer was cut", () => {
    const asked = contextOf({ prompt: "hi", response_format: { type: "json_object" } });
    expect(native.write({ ...output, tool_calls: [] }, usage, asked)).toMatchObject({ response: { a: 1 } });
    expect(native.write({ text: '{"a":', tool_calls: [], finish_reason: "length" }, usage, asked)).toMatchObject({ response: '{"a":' });
  });

  it("writes the arguments of calls as objects", () => {
    const asked = contextOf({ messages: [user("hi")], tools: [{ name: "f" }] });
    const called = { text: "", tool_calls: [{ id: "1", name: "f", arguments: '{"x":2}' }], finish_reason: "tool_calls" } as const;
    expect(native.write({ ...called, tool_calls: [...called.tool_calls] }, usage, asked)).toMatchObject({
      response: "",
      tool_calls: [{ name: "f", arguments: { x: 2 } }],
    });
  });

  it("has `response` as a string in every event", () => {
    const context = contextOf({ prompt: "hi" });
    const events = [
      ...(native.events?.begin(context) ?? []),
      ...(native.events?.delta({ text: "hel" }, context) ?? []),
      ...(native.events?.delta({ reasoning: "hm" }, context) ?? []),
      ...(native.events?.end(
        { text: "", tool_calls: [{ id: "1", name: "f", arguments: "{}" }], finish_reason: "tool_calls" },
        usage,
        context,
      ) ?? []),
      native.events?.idle,
    ];
    expect(events).toHaveLength(4);
    for (const event of events) expect(event).toMatchObject({ response: expect.any(String) as string });
  });
});

describe("the form chat-completion", () => {
  it("never has null as content", () => {
    const written = completion.write(
      { text: "", tool_calls: [{ id: "1", name: "f", arguments: "{}" }], finish_reason: "tool_calls" },
      { "output-token": 1 },
      contextOf({ prompt: "hi" }),
    );
    expect(written).toMatchObject({
      object: "chat.completion",
      created: 5,
      choices: [{ message: { content: "" }, finish_reason: "tool_calls" }],
    });
  });

  it("opens a stream with the role and closes it with one finish and the native usage", () => {
    const context = contextOf({ prompt: "hi" });
    expect(completion.events?.begin(context)).toMatchObject([
      { choices: [{ delta: { role: "assistant", content: "" }, finish_reason: null }] },
    ]);
    expect(completion.events?.end({ text: "a", tool_calls: [], finish_reason: "stop" }, { "output-token": 1 }, context)).toMatchObject([
      { choices: [{ delta: {}, finish_reason: "stop" }] },
      { choices: [], usage: { completion_tokens: 1 } },
      { response: "", usage: { completion_tokens: 1 } },
    ]);
  });
});

describe("the bound of a generation", () => {
  const model = { contextTokens: 1000 } as ModelCard; // bound reads nothing else

  it("is never less than the bytes of what is said", () => {
    const text = "größer 🦊 語";
    expect(bytesOf(text)).toBe(new TextEncoder().encode(text).length);
    const bound = taskOf("text-generation").bound(
      native.read({ messages: [user(text)], tools: [{ name: "f", description: text }] }),
      model,
    );
    expect(bound["input-token"]).toBeGreaterThan(2 * bytesOf(text));
  });

  it("is never more than the context window", () => {
    expect(taskOf("text-generation").bound(native.read({ prompt: "x".repeat(50_000), max_tokens: 5_000 }), model)).toEqual({
      "input-token": 1000,
      "output-token": 1000,
    });
  });
});
