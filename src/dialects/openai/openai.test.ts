import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf, openTestApp, type TestApp } from "../../../test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
});

const model = "@ganglion/echo";
const chat = (content: string, more: object = {}) => ({ model, messages: [{ role: "user", content }], ...more });

interface Chunk {
  id: string;
  created: number;
  model: string;
  choices: {
    index: number;
    delta: { role?: string; content?: string; tool_calls?: unknown[]; reasoning_content?: string };
    finish_reason: string | null;
  }[];
  usage?: { total_tokens: number };
}
const chunksOf = async (body: object): Promise<(Chunk | "[DONE]")[]> =>
  (await eventsOf(await app.send("/v1/chat/completions", { json: body }))) as (Chunk | "[DONE]")[];

describe("/v1/chat/completions", () => {
  it("answers with a bare chat completion, under the name that was asked", async () => {
    const { json, headers } = await app.ask("/v1/chat/completions", chat("one two"));
    expect(json).toMatchObject({
      object: "chat.completion",
      model,
      choices: [{ index: 0, message: { role: "assistant", content: "one two", refusal: null }, logprobs: null, finish_reason: "stop" }],
      usage: { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4 },
    });
    expect(headers.get("cf-ai-neurons")).toMatch(/^\d+\.\d\d$/);
  });

  it("streams one role, the pieces, one finish and one [DONE], all with the same id, time and model", async () => {
    const events = await chunksOf(chat("one two", { stream: true }));
    const chunks = events.filter((event): event is Chunk => event !== "[DONE]");
    expect(events.filter((event) => event === "[DONE]")).toHaveLength(1);
    expect(events.at(-1)).toBe("[DONE]");
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "" });
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("one two");
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason)).toHaveLength(1);
    expect(new Set(chunks.map(({ id, created, model: name }) => `${id} ${created} ${name}`)).size).toBe(1);
  });

  it("ends a stream with the usage when that is asked for", async () => {
    const events = await chunksOf(chat("one two", { stream: true, stream_options: { include_usage: true } }));
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { total_tokens: 4 } });
    expect(events.filter((event) => event !== "[DONE]" && event.usage)).toHaveLength(1);
  });

  it("streams a tool call as one piece with id and name, then pieces of its arguments without", async () => {
    const chunks = await chunksOf(chat('call f {"x": 1}', { stream: true, tools: [{ type: "function", function: { name: "f" } }] }));
    const pieces = chunks.flatMap((chunk) => (chunk === "[DONE]" ? [] : (chunk.choices[0]?.delta.tool_calls ?? [])));
    expect(pieces[0]).toEqual({ index: 0, id: "call_f", type: "function", function: { name: "f", arguments: "" } });
    for (const piece of pieces.slice(1)) expect(piece).toEqual({ index: 0, function: { arguments: expect.any(String) as string } });
    expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: "tool_calls" }] });
  });

  it("has an empty text, never null, beside tool calls", async () => {
    const { json } = await app.ask(
      "/v1/chat/completions",
      chat('call f {"x": 1}', { tools: [{ type: "function", function: { name: "f" } }] }),
    );
    expect(json).toMatchObject({
      choices: [{ message: { content: "", tool_calls: [{ type: "function", function: { name: "f", arguments: '{"x": 1}' } }] } }],
    });
  });

  it("keeps reasoning out of the content", async () => {
    expect((await app.ask("/v1/chat/completions", chat("<think>hm</think>yes"))).json).toMatchObject({
      choices: [{ message: { content: "yes", reasoning_content: "hm" } }],
    });
  });

  it("makes n answers, each booked", async () => {
    const { json } = await app.ask("/v1/chat/completions", chat("one", { n: 3 }));
    expect(json).toMatchObject({ choices: [{ index: 0 }, { index: 1 }, { index: 2 }], usage: { completion_tokens: 3 } });
    const chunks = await chunksOf(chat("one", { n: 2, stream: true }));
    expect(chunks.flatMap((chunk) => (chunk === "[DONE]" || !chunk.choices[0]?.finish_reason ? [] : [chunk.choices[0].index]))).toEqual([
      0, 1,
    ]);
  });

  it("does not cut an answer that said no max_tokens", async () => {
    const words = Array.from({ length: 400 }, (_, i) => `w${i}`).join(" ");
    expect((await app.ask("/v1/chat/completions", chat(words))).json).toMatchObject({
      usage: { completion_tokens: 400 },
      choices: [{ finish_reason: "stop" }],
    });
    expect((await app.ask("/v1/chat/completions", chat(words, { max_tokens: 5.0 }))).json).toMatchObject({
      choices: [{ finish_reason: "length" }],
    });
  });

  it("finds the model behind a gateway's prefix", async () => {
    expect((await app.ask("/v1/chat/completions", { ...chat("hi"), model: `workers-ai/${model}` })).status).toBe(200);
  });

  it("is served where Workers AI has it, to the account's own token only", async () => {
    expect((await app.ask(`/client/v4/accounts/${app.accountId}/ai/v1/chat/completions`, chat("hi"))).status).toBe(200);
    expect(await app.ask(`/client/v4/accounts/${"0".repeat(32)}/ai/v1/chat/completions`, chat("hi"))).toMatchObject({
      status: 403,
      json: { error: { type: "permission_error" }, success: false, errors: [{}] },
    });
  });

  it.each([
    ["an unknown model", { ...chat("hi"), model: "gpt-4o" }, 404, "model_not_found", null],
    ["a model without weights", { ...chat("hi"), model: "@cf/meta/llama-3-8b-instruct" }, 404, "model_not_found", null],
    ["a model of another task", { ...chat("hi"), model: "@cf/baai/bge-base-en-v1.5" }, 400, "task_unsupported", null],
    ["no messages", { model }, 400, null, "messages"],
    ["an empty list of messages", { model, messages: [] }, 400, null, "messages"],
    ["an unknown role", { model, messages: [{ role: "wizard", content: "x" }] }, 400, null, "messages.0.role"],
    ["a wrong type", chat("hi", { temperature: "hot" }), 400, null, "temperature"],
    ["no model", { messages: [] }, 400, null, "model"],
    ["a list", [], 400, null, ""],
  ])("says in OpenAI's shape what is wrong with %s", async (_name, body, status, code, param) => {
    const reply = await app.ask("/v1/chat/completions", body);
    expect(reply.status).toBe(status);
    expect(reply.json).toMatchObject({ error: { message: expect.any(String) as string, type: "invalid_request_error", code, param } });
    expect(reply.headers.get("x-should-retry")).toBe("false");
  });

  it("says what is wrong with a request to stream as a status, not as a stream", async () => {
    const response = await app.send("/v1/chat/completions", { json: chat("hi", { stream: true, temperature: 9 }) });
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/json");
  });
});

describe("/v1/completions", () => {
  it("continues one prompt or several, sixteen tokens long unless told otherwise", async () => {
    expect((await app.ask("/v1/completions", { model, prompt: "one two" })).json).toMatchObject({
      object: "text_completion",
      choices: [{ text: "one two", index: 0, logprobs: null, finish_reason: "stop" }],
      usage: { total_tokens: 4 },
    });
    const long = "x ".repeat(30).trim();
    expect((await app.ask("/v1/completions", { model, prompt: ["a", long] })).json).toMatchObject({
      choices: [{ text: "a" }, { index: 1, finish_reason: "length" }],
      usage: { completion_tokens: 17 },
    });
  });

  it("continues sixteen prompts at most, and no token ids however many", async () => {
    for (const [prompt, why] of [
      [Array<string>(17).fill("a"), "at most 16"],
      [[...Array<string>(20).fill("a"), 1], "at most 16"],
      [Array<number>(1_000).fill(1), "token ids are not taken"],
    ] as const) {
      expect(await app.ask("/v1/completions", { model, prompt })).toMatchObject({
        status: 400,
        json: { error: { message: expect.stringContaining(why) as string } },
      });
    }
  });

  it("gives the prompt back with echo, and streams", async () => {
    expect((await app.ask("/v1/completions", { model, prompt: "a b", echo: true })).json).toMatchObject({ choices: [{ text: "a ba b" }] });
    const events = await eventsOf(await app.send("/v1/completions", { json: { model, prompt: "a b", stream: true } }));
    expect(events).toMatchObject([
      { choices: [{ text: "a" }] },
      { choices: [{ text: " b" }] },
      { choices: [{ text: "", finish_reason: "stop" }] },
      "[DONE]",
    ]);
  });

  it("refuses token ids, which belong to one tokenizer", async () => {
    expect(await app.ask("/v1/completions", { model, prompt: [1, 2, 3] })).toMatchObject({
      status: 400,
      json: { error: { param: "prompt" } },
    });
  });
});

it("/v1/embeddings reads 300,000 token ids at most, of all texts together", async () => {
  const input = Array.from({ length: 20 }, () => Array<number>(16_000).fill(1));
  expect(await app.ask("/v1/embeddings", { model: "@ganglion/tiny-embed", input })).toMatchObject({
    status: 400,
    json: { error: { param: "input", message: expect.stringContaining("300000 token ids") as string } },
  });
});

describe("/v1/models", () => {
  it("lists every model in one page, with a number as the time", async () => {
    const { data } = (await app.ask("/v1/models")).json as { data: { id: string; created: number; object: string; owned_by: string }[] };
    expect(data.length).toBeGreaterThan(120);
    for (const entry of data)
      expect(entry).toMatchObject({ object: "model", created: expect.any(Number) as number, owned_by: expect.any(String) as string });
  });

  it("finds one by its name, raw or encoded, or by an alias, and shows the true name", async () => {
    for (const name of ["@cf/baai/bge-base-en-v1.5", "@cf%2Fbaai%2Fbge-base-en-v1.5", "@cf/baai/bge-base-pt-v1.5"]) {
      expect((await app.ask(`/v1/models/${name}`)).json).toMatchObject({ id: "@cf/baai/bge-base-en-v1.5" });
    }
    expect(await app.ask("/v1/models/never")).toMatchObject({ status: 404, json: { error: { code: "model_not_found" } } });
  });
});

it("says insufficient_quota when the allocation is spent", async () => {
  const poor = await openTestApp({ plan: "free" });
  try {
    const reply = await poor.ask("/v1/chat/completions", chat("x".repeat(900_000), { max_tokens: 600_000 }));
    expect(reply).toMatchObject({ status: 429, json: { error: { type: "insufficient_quota", code: "insufficient_quota" }, errors: [{}] } });
    expect(reply.headers.get("x-should-retry")).toBe("false");
    expect(reply.headers.get("retry-after")).toBeNull();
  } finally {
    await poor.close();
  }
});
