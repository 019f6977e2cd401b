import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf, openTestApp, type TestApp } from "../../../test/app.ts";

let app: TestApp;
let ai: string;
beforeAll(async () => {
  app = await openTestApp();
  ai = `/client/v4/accounts/${app.accountId}/ai`;
});
afterAll(async () => {
  await app.close();
});

const echo = "@ganglion/echo";

describe("ai/run", () => {
  it("answers in Cloudflare's envelope, with the neurons in a header", async () => {
    const { status, json, headers } = await app.ask(`${ai}/run/${echo}`, { prompt: "one two" });
    expect(status).toBe(200);
    expect(json).toEqual({
      result: {
        response: "one two",
        finish_reason: "stop",
        usage: { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4, prompt_tokens_details: { cached_tokens: 0 } },
      },
      success: true,
      errors: [],
      messages: [],
    });
    expect(headers.get("cf-ai-neurons")).toMatch(/^\d+\.\d\d$/);
    expect(headers.get("cf-ai-req-id")).toBe(headers.get("x-request-id"));
  });

  it.each([
    ["a raw name", `/run/${echo}`],
    ["an encoded name", "/run/@ganglion%2Fecho"],
    ["an encoded at sign", "/run/%40ganglion%2Fecho"],
    ["a name behind run/", `/run/run/${echo}`],
    ["doubled slashes", `//run//${echo}`],
    ["a slash at the end", `/run/${echo}/`],
    ["a query that nobody reads", `/run/${echo}?tags=a&x=y`],
  ])("takes %s", async (_name, path) => {
    expect(await app.ask(ai + path, { prompt: "hi" })).toMatchObject({ status: 200, json: { result: { response: "hi" } } });
  });

  it("takes the model in the body, with its input beside it or apart", async () => {
    expect(await app.ask(`${ai}/run`, { model: echo, prompt: "hi" })).toMatchObject({ json: { result: { response: "hi" } } });
    expect(await app.ask(`${ai}/run`, { model: echo, input: { prompt: "hi" } })).toMatchObject({ json: { result: { response: "hi" } } });
  });

  it("streams events that each have response as text, then the usage, then [DONE]", async () => {
    const response = await app.send(`${ai}/run/${echo}`, { json: { prompt: "one two", stream: true } });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await eventsOf(response)).toEqual([
      { response: "one" },
      { response: " two" },
      {
        response: "",
        finish_reason: "stop",
        usage: { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4, prompt_tokens_details: { cached_tokens: 0 } },
      },
      "[DONE]",
    ]);
  });

  it("reports tool calls flat, with their arguments as an object", async () => {
    const body = { messages: [{ role: "user", content: 'call f {"x": 1}' }], tools: [{ name: "f", description: "d", parameters: {} }] };
    expect(await app.ask(`${ai}/run/${echo}`, body)).toMatchObject({
      json: { result: { response: "", tool_calls: [{ name: "f", arguments: { x: 1 } }] } },
    });
    const events = await eventsOf(await app.send(`${ai}/run/${echo}`, { json: { ...body, stream: true } }));
    expect(events[0]).toMatchObject({ response: "", tool_calls: [{ name: "f", arguments: { x: 1 } }] });
  });

  it.each([
    ["no prompt", { max_tokens: 5 }, 400, 5006, "required property /prompt"],
    ["a wrong type", { prompt: 5 }, 400, 5006, "/prompt"],
    ["a number past its limit", { prompt: "x", temperature: 9 }, 400, 5006, "'/temperature' must be <= 5"],
    ["prompt and messages", { prompt: "x", messages: [] }, 400, 5006, "mutually exclusive"],
    [
      "a picture by address",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "http://10.0.0.1/" } }] }] },
      400,
      5006,
      "data:",
    ],
  ])("refuses %s with code 5006 and the field", async (_name, body, status, code, text) => {
    const { json, ...reply } = await app.ask(`${ai}/run/${echo}`, body);
    expect(reply.status).toBe(status);
    expect(json).toMatchObject({
      success: false,
      result: {},
      messages: [],
      errors: [{ code, message: expect.stringContaining(text) as string }],
    });
  });

  it("says 5007 for a model that it does not know, or has no weights for, or whose task is not served", async () => {
    for (const model of ["@cf/never/was", "@cf/meta/llama-3-8b-instruct", "@cf/deepgram/nova-3"]) {
      expect(await app.ask(`${ai}/run/${model}`, { prompt: "hi" })).toMatchObject({ status: 400, json: { errors: [{ code: 5007 }] } });
    }
  });

  it("says of a model that nothing here speaks to that it is not served, and not of its whole task", async () => {
    const { json } = await app.ask(`${ai}/run/@cf/deepgram/flux`, {});
    expect(json).toMatchObject({
      errors: [
        { message: expect.stringContaining("flux is not served yet, though other models of Automatic Speech Recognition are") as string },
      ],
    });
  });

  it("says that a queue is not served rather than answering at once", async () => {
    expect(await app.ask(`${ai}/run/${echo}?queueRequest=true`, { requests: [{ prompt: "hi" }] })).toMatchObject({ status: 400 });
  });
});

describe("authentication", () => {
  it("tells apart no token, a broken header and an unknown token", async () => {
    const verify = async (headers: Record<string, string | undefined>) => app.ask("/client/v4/user/tokens/verify", undefined, headers);
    expect(await verify({ authorization: "" })).toMatchObject({
      status: 400,
      json: { errors: [{ code: 6003, error_chain: [{ code: 6111 }] }] },
    });
    expect(await verify({ authorization: "Basic x" })).toMatchObject({ status: 400, json: { errors: [{ code: 6003 }] } });
    expect(await verify({ authorization: "Bearer never" })).toMatchObject({
      status: 401,
      json: { result: null, errors: [{ code: 10000 }] },
    });
    expect(await verify({ authorization: undefined })).toMatchObject({ status: 400, json: { errors: [{ code: 9106 }] } });
  });

  it("verifies a good token", async () => {
    for (const path of ["/client/v4/user/tokens/verify", `/client/v4/accounts/${app.accountId}/tokens/verify`]) {
      expect(await app.ask(path)).toMatchObject({ status: 200, json: { result: { status: "active" }, messages: [{ code: 10000 }] } });
    }
  });

  it("takes the legacy key header", async () => {
    expect(await app.ask("/client/v4/user/tokens/verify", undefined, { authorization: undefined, "x-auth-key": app.secret })).toMatchObject(
      { status: 200 },
    );
  });

  it("gives a foreign account and one that never was the same answer", async () => {
    const other = await app.accounts.create({ name: "other", plan: "unlimited" });
    const replies = [];
    for (const id of [other.id, "0".repeat(32), "x"]) {
      const { status, json } = await app.ask(`/client/v4/accounts/${id}/ai/run/${echo}`, { prompt: "hi" });
      replies.push({ status, json });
    }
    expect(replies[0]).toMatchObject({ status: 403, json: { errors: [{ code: 10000 }] } });
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
  });
});

describe("the catalogue", () => {
  it("pages to an end, with every model once", async () => {
    const names: string[] = [];
    for (let page = 1; ; page++) {
      const { json } = await app.ask(`${ai}/models/search?include_deprecated=true&page=${page}&per_page=50`);
      const { result } = json as { result: { name: string }[] };
      if (result.length === 0) break;
      names.push(...result.map(({ name }) => name));
    }
    expect(names.length).toBeGreaterThan(120);
    expect(new Set(names).size).toBe(names.length);
  });

  it("filters by text, task, author and retirement", async () => {
    const search = async (query: string) =>
      ((await app.ask(`${ai}/models/search?${query}`)).json as { result: { name: string }[] }).result.map(({ name }) => name);
    expect(await search("search=tiny-chat")).toEqual(["@ganglion/tiny-chat"]);
    expect(await search("task=Object%20Detection&include_deprecated=true")).toEqual([
      "@ganglion/tiny-detect",
      "@cf/facebook/detr-resnet-50",
    ]);
    expect((await search("author=baai")).every((name) => name.startsWith("@cf/baai/"))).toBe(true);
    expect(await search("search=llama-2-7b-chat-int8")).toEqual([]);
    expect(await search("search=llama-2-7b-chat-int8&include_deprecated=true")).toHaveLength(1);
  });

  it("refuses a page that is none", async () => {
    for (const query of ["page=0", "per_page=x", "page=-1", "per_page=100000"])
      expect((await app.ask(`${ai}/models/search?${query}`)).status).toBe(400);
  });

  it("prints the schemas of a model's input and output", async () => {
    const { json } = await app.ask(`${ai}/models/schema?model=%40cf%2Fmeta%2Fllama-3-8b-instruct`);
    expect(json).toMatchObject({
      result: { input: { anyOf: [{ properties: { prompt: {} } }, { properties: { messages: {} } }] }, output: { oneOf: [{}, {}] } },
    });
    expect((await app.ask(`${ai}/models/schema`)).status).toBe(400);
    expect((await app.ask(`${ai}/models/schema?model=x`)).status).toBe(400);
  });

  it("lists tasks and authors", async () => {
    expect((await app.ask(`${ai}/tasks/search`)).json).toMatchObject({
      result: expect.arrayContaining([expect.objectContaining({ name: "Text Generation" })]) as unknown,
    });
    expect((await app.ask(`${ai}/authors/search`)).json).toMatchObject({ result: expect.arrayContaining([{ name: "meta" }]) as unknown });
  });
});

it("reports what the account used today", async () => {
  const fresh = await openTestApp();
  try {
    const path = `/client/v4/accounts/${fresh.accountId}/ai/usage`;
    expect((await fresh.ask(path)).json).toMatchObject({ result: { requests: 0, neurons: 0, models: [] } });
    await fresh.ask(`/client/v4/accounts/${fresh.accountId}/ai/run/${echo}`, { prompt: "one two" });
    const { result } = (await fresh.ask(path)).json as { result: { requests: number; neurons: number; models: { neurons: number }[] } };
    expect(result).toMatchObject({ requests: 1, models: [{ model: echo, requests: 1 }] });
    expect(result.neurons).toBeCloseTo((2 * 2457 + 2 * 18252) / 1e6, 6);
    expect(result.models[0]?.neurons).toBe(result.neurons);
  } finally {
    await fresh.close();
  }
});

it("says 4006 when the allocation is spent, and that trying again does not help", async () => {
  const poor = await openTestApp({ plan: "free" });
  try {
    // what a call may cost at most is bytes and max_tokens, so a long one does not fit
    const { status, json, headers } = await poor.ask(`/client/v4/accounts/${poor.accountId}/ai/run/${echo}`, {
      prompt: "x".repeat(500_000),
      max_tokens: 600_000,
    });
    expect(status).toBe(429);
    expect(json).toMatchObject({
      errors: [{ code: 4006, message: expect.stringMatching(/begins anew at \d{4}-\d\d-\d\dT00:00Z/) as string }],
    });
    expect(headers.get("x-should-retry")).toBe("false");
    expect(headers.get("retry-after")).toBeNull();
  } finally {
    await poor.close();
  }
});
