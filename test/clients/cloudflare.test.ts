import Cloudflare, { AuthenticationError, BadRequestError, NotFoundError, PermissionDeniedError, RateLimitError } from "cloudflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf } from "../app.ts";
import { collect } from "./collect.ts";
import { type Judge, type JudgedServers, startJudgedServers, versionIn } from "./judged-servers.ts";
import { longText, longTextWords, neuronsOf } from "./long-text.ts";
import { weather } from "./weather.ts";

const chat = "@ganglion/tiny-chat";
const echo = "@ganglion/echo";

let servers: JudgedServers;
let judge: Judge;
let client: Cloudflare;
let account_id: string;
const clientAt = (url: string, apiToken = servers.token) => new Cloudflare({ baseURL: `${url}/client/v4`, apiToken });
beforeAll(async () => {
  servers = await startJudgedServers();
  account_id = servers.accountId;
  judge = await servers.judge("cloudflare");
  client = clientAt(judge.url);
});
afterAll(() => servers.stop());

const say = (content: string) => ({ role: "user", content });

describe("cloudflare runs models", () => {
  it("with a prompt", async () => {
    const result = await client.ai.run(chat, { account_id, prompt: "What is the capital of France?", temperature: 0, max_tokens: 40 });
    expect(result).toEqual({
      response: "The capital of France is Paris.",
      finish_reason: "stop",
      usage: expect.objectContaining({ prompt_tokens: 18, completion_tokens: 12, total_tokens: 30 }),
    });
  });

  it("with a conversation", async () => {
    const messages = [say("My name is Anna."), { role: "assistant", content: "Nice to meet you, Anna!" }, say("What is my name?")];
    const result = await client.ai.run(chat, { account_id, messages, temperature: 0 });
    expect(result).toMatchObject({ response: "Your name is Anna." });
  });

  it("with every setting that its types have", async () => {
    const sampling = { temperature: 1, top_p: 0.9, top_k: 40, seed: 7, repetition_penalty: 1.1, frequency_penalty: 0, presence_penalty: 0 };
    expect(await client.ai.run(echo, { account_id, prompt: "one two", raw: true, ...sampling })).toMatchObject({ response: "one two" });
    expect(await client.ai.run(echo, { account_id, messages: [say("one two")], ...sampling })).toMatchObject({ response: "one two" });
  });

  it("and reads a stream, which it hands out as it comes", async () => {
    const response = await client.ai.run(echo, { account_id, prompt: "naïve 日本 🦜 text", stream: true }).asResponse();
    const events = await eventsOf(response);
    expect(events.map((event) => (event === "[DONE]" ? "" : Reflect.get(Object(event), "response")))).toEqual([
      "naïve",
      " 日本",
      " 🦜",
      " text",
      "",
      "",
    ]);
    expect(events.at(-2)).toMatchObject({ usage: { completion_tokens: 4 } });
  });

  it("and leaves a stream, and the engine stops", async () => {
    const cost = await servers.costOf(async () => {
      const leaving = new AbortController();
      const body = { account_id, prompt: longText, max_tokens: longTextWords, stream: true };
      const response = await client.ai.run(echo, body, { signal: leaving.signal }).asResponse();
      await response.body?.getReader().read();
      leaving.abort();
    });
    expect(cost).toBeGreaterThan(neuronsOf(longTextWords, 0));
    expect(cost).toBeLessThan(neuronsOf(longTextWords, longTextWords / 2));
  });

  it("that answer in a form", async () => {
    const json_schema = { type: "object", properties: { name: { type: "string" }, age: { type: "integer" } }, required: ["name", "age"] };
    const result = await client.ai.run(chat, {
      account_id,
      messages: [say("Anna is 31 years old. Answer as JSON with keys name and age.")],
      response_format: { type: "json_schema", json_schema },
      temperature: 0,
    });
    expect(result).toMatchObject({ response: { name: "Anna", age: 31 } });
  });

  it("that call a tool, and answer from its result", async () => {
    const { tool, question, input, result, answer } = weather;
    const properties = { city: { type: "string", description: "Name of the city" } };
    const tools = [{ ...tool, parameters: { type: "object", properties, required: ["city"] } }];
    const called = await client.ai.run(chat, { account_id, messages: [say(question)], tools, temperature: 0 });
    expect(called).toMatchObject({ tool_calls: [{ name: tool.name, arguments: input }] });
    const said = [say(question), { role: "assistant", content: JSON.stringify(called) }, { role: "tool", content: result }];
    expect(await client.ai.run(chat, { account_id, messages: said, tools, temperature: 0 })).toMatchObject({ response: answer });
  });
});

describe("cloudflare runs other models", () => {
  it("that turn texts into vectors", async () => {
    const result = await client.ai.run("@ganglion/tiny-embed", { account_id, text: ["a cat", "a dog"] });
    expect(result).toMatchObject({ shape: [2, 512], data: [expect.any(Array), expect.any(Array)] });
  });

  it("that order texts by a query", async () => {
    const contexts = [{ text: "Coal is black." }, { text: "A cat sleeps on the sofa." }];
    const body = { query: "Where do cats sleep?", contexts, top_k: 1 };
    const result = await client.post(`/accounts/${account_id}/ai/run/@ganglion/tiny-rerank`, { body });
    expect(result).toMatchObject({ result: { response: [{ id: 1, score: expect.any(Number) }] } });
  });

  it("that say what fits a text", async () => {
    const result = await client.ai.run("@ganglion/tiny-sentiment", { account_id, text: "The film was wonderful and the food was great." });
    expect(result).toEqual([
      { label: "NEGATIVE", score: expect.any(Number) },
      { label: "POSITIVE", score: expect.any(Number) },
    ]);
  });

  it("that say what is on a picture, and where", async () => {
    const picture = await client.ai.run("@ganglion/echo-picture", { account_id, prompt: "a red circle" }).asResponse();
    const image = [...new Uint8Array(await picture.arrayBuffer())];
    const labels = await client.ai.run("@ganglion/tiny-classify", { account_id, image });
    expect(labels).toContainEqual({ label: expect.any(String), score: expect.any(Number) });
    expect(await client.ai.run("@ganglion/tiny-detect", { account_id, image })).toEqual(expect.any(Array));
  });

  it("that translate", async () => {
    const result = await client.ai.run("@ganglion/tiny-translate", {
      account_id,
      text: "Hello world!",
      source_lang: "en",
      target_lang: "es",
    });
    expect(result).toMatchObject({ translated_text: "¡Hola mundo!" });
  });

  it("that sum up", async () => {
    const input_text =
      "A fire broke out in a hotel in Lisbon on Monday at night, and 12 people were injured. The fire was caused by a candle, according to the police.";
    const result = await client.ai.run("@ganglion/tiny-summary", { account_id, input_text });
    expect(result).toMatchObject({ summary: "A fire in a hotel in Lisbon injured 12 people. It was caused by a candle." });
  });

  it("that make a picture, whose bytes it hands out, and sounds, which it sends as numbers", async () => {
    const picture = await client.ai.run("@ganglion/echo-picture", { account_id, prompt: "a red circle" }).asResponse();
    expect(picture.headers.get("content-type")).toBe("image/png");
    const speech = await client.ai.run("@ganglion/tiny-speak", { account_id, text: "hello there" }).asResponse();
    const audio = [...new Uint8Array(await speech.arrayBuffer())];
    expect(await client.ai.run("@ganglion/tiny-listen", { account_id, audio })).toMatchObject({ text: "hello there" });
  });
});

describe("cloudflare looks around", () => {
  it("pages through the models until there are no more", async () => {
    const models = await collect(client.ai.models.list({ account_id, per_page: 20, include_deprecated: true }));
    const names = models.map((model) => Reflect.get(Object(model), "name"));
    expect(names.length).toBeGreaterThan(100);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("@cf/meta/llama-3-8b-instruct");
    expect(judge.requests.filter(({ path }) => path.endsWith("/ai/models/search")).length).toBe(Math.ceil(names.length / 20) + 1);
  });

  it("searches them", async () => {
    const found = await collect(
      client.ai.models.list({ account_id, search: "tiny", task: "Text Generation", author: "ganglion", hide_experimental: true }),
    );
    expect(found).toEqual([expect.objectContaining({ name: chat, task: expect.objectContaining({ name: "Text Generation" }) })]);
  });

  it("reads a model's schemas", async () => {
    const { input, output } = await client.ai.models.schema.get({ account_id, model: chat });
    expect(JSON.stringify(input)).toContain('"messages"');
    expect(JSON.stringify(output)).toContain('"text/event-stream"');
  });

  it("lists the tasks and the authors", async () => {
    expect(await collect(client.ai.tasks.list({ account_id }))).toContainEqual(expect.objectContaining({ name: "Text Generation" }));
    expect(await collect(client.ai.authors.list({ account_id }))).toContainEqual({ name: "ganglion" });
  });

  it("verifies its token", async () => {
    expect(await client.user.tokens.verify()).toMatchObject({ status: "active" });
    expect(await client.accounts.tokens.verify({ account_id })).toMatchObject({ status: "active" });
  });
});

describe("cloudflare hears what is wrong", () => {
  it("with a model that is not there", async () => {
    const refused = client.ai.run("@cf/nobody/nothing", { account_id, prompt: "Hello" });
    await expect(refused).rejects.toThrow(BadRequestError);
    await expect(refused).rejects.toMatchObject({
      errors: [{ code: 5007, message: expect.stringMatching(/^AiError: .*ai\/models\/search/) }],
    });
  });

  it("with a field", async () => {
    const refused = client.ai.run(chat, { account_id, prompt: "Hello", temperature: 9 });
    await expect(refused).rejects.toThrow(BadRequestError);
    await expect(refused).rejects.toMatchObject({
      errors: [{ code: 5006, message: expect.stringContaining("'/temperature' must be <= 5") }],
    });
  });

  it("with a token that nobody has", async () => {
    const refused = clientAt(judge.url, "nobody-has-this").ai.run(chat, { account_id, prompt: "Hello" });
    await expect(refused).rejects.toThrow(AuthenticationError);
    await expect(refused).rejects.toMatchObject({ errors: [{ code: 10000 }] });
  });

  it("with an account that is not the token's", async () => {
    const refused = client.ai.run(chat, { account_id: "f".repeat(32), prompt: "Hello" });
    await expect(refused).rejects.toThrow(PermissionDeniedError);
  });

  it("with a route that is not there", async () => {
    const refused = client.get(`/accounts/${account_id}/d1/database`);
    await expect(refused).rejects.toThrow(NotFoundError);
    await expect(refused).rejects.toMatchObject({ errors: [{ code: 7000 }] });
  });

  it("with an account that has no neurons left, and does not try again", async () => {
    const before = judge.requests.length;
    const refused = clientAt(judge.freeUrl).ai.run(echo, { account_id, prompt: "Hello", max_tokens: 1_000_000 });
    await expect(refused).rejects.toThrow(RateLimitError);
    await expect(refused).rejects.toMatchObject({ errors: [{ code: 4006 }] });
    expect(judge.requests.length - before).toBe(1);
  });

  it("in the middle of a stream, as an event", async () => {
    const response = await client.ai.run(echo, { account_id, prompt: "one two <fail/> three", stream: true }).asResponse();
    expect(await eventsOf(response)).toEqual([
      { response: "one" },
      { response: " two" },
      { response: "", success: false, errors: [{ code: 3043, message: expect.stringContaining("echo failed") }] },
    ]);
  });
});

it("what cloudflare sent is what docs/compatibility.md says", async () => {
  await judge.expectSeen({ cloudflare: versionIn(".", "cloudflare") });
});
