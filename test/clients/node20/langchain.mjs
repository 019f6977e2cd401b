import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatCloudflareWorkersAI, CloudflareWorkersAI, CloudflareWorkersAIEmbeddings } from "@langchain/cloudflare";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import * as z from "zod";
import { createAi } from "../../../dist/ai.js";
import { accountId, assertStopsEarly, freeUrl, long, token, url, weather } from "../judged.mjs";

const chat = "@ganglion/tiny-chat";
const echo = "@ganglion/echo";
const openai = (model, { base = url, apiKey = token, ...options } = {}) =>
  new ChatOpenAI({ model, apiKey, temperature: 0, configuration: { baseURL: `${base}/v1` }, ...options });
const workersAi = { cloudflareAccountId: accountId, cloudflareApiToken: token, baseUrl: `${url}/client/v4/accounts/${accountId}/ai/run/` };

test("@langchain/openai asks for a text", async () => {
  const answer = await openai(chat).invoke("What is the capital of France?");
  assert.equal(answer.content, "The capital of France is Paris.");
  assert.equal(answer.response_metadata.finish_reason, "stop");
  assert.deepEqual([answer.usage_metadata.input_tokens, answer.usage_metadata.output_tokens], [18, 12]);
});

test("@langchain/openai holds a conversation", async () => {
  const messages = [
    ["system", "Answer in short sentences."],
    ["human", "My name is Anna."],
    ["ai", "Nice to meet you, Anna!"],
    ["human", "What is my name?"],
  ];
  assert.equal((await openai(chat).invoke(messages)).content, "Your name is Anna.");
});

test("@langchain/openai reads a stream without loss", async () => {
  const pieces = [];
  let usage;
  for await (const chunk of await openai(echo).stream("naïve 日本 🦜 text")) {
    if (chunk.content !== "") pieces.push(chunk.content);
    usage = chunk.usage_metadata ?? usage;
  }
  assert.deepEqual(pieces, ["naïve", " 日本", " 🦜", " text"]);
  assert.equal(usage.output_tokens, 4);
});

test("@langchain/openai leaves a stream, and the engine stops", () =>
  assertStopsEarly(async () => {
    for await (const _chunk of await openai(echo, { maxTokens: long.maxTokens }).stream(long.text)) break;
  }));

test("@langchain/openai asks for a form", async () => {
  const person = z.object({ name: z.string(), age: z.number().int() });
  const question = "Anna is 31 years old. Answer as JSON with keys name and age.";
  assert.deepEqual(await openai(chat).withStructuredOutput(person, { method: "jsonSchema" }).invoke(question), { name: "Anna", age: 31 });
  assert.deepEqual(await openai(chat).withStructuredOutput(person, { method: "jsonMode" }).invoke(question), { name: "Anna", age: 31 });
});

test("@langchain/openai runs a tool and reads the answer", async () => {
  const getWeather = tool(() => weather.result, { ...weather.tool, schema: z.object({ city: z.string() }) });
  const model = openai(chat).bindTools([getWeather]);
  const messages = [new HumanMessage(weather.question)];
  const called = await model.invoke(messages);
  assert.deepEqual(
    called.tool_calls.map(({ name, args }) => [name, args]),
    [["get_weather", weather.input]],
  );
  const result = await getWeather.invoke(called.tool_calls[0]);
  assert.ok(result instanceof ToolMessage);
  assert.equal((await model.invoke([...messages, called, result])).content, weather.answer);
});

test("@langchain/openai forces a call, and reads it from a stream", async () => {
  const model = openai(chat).bindTools([tool(() => "", { ...weather.tool, schema: z.object({ city: z.string() }) })], {
    tool_choice: "get_weather",
  });
  let whole;
  for await (const chunk of await model.stream(weather.question)) whole = whole ? whole.concat(chunk) : chunk;
  assert.deepEqual(
    whole.tool_calls.map(({ name, args }) => [name, args]),
    [["get_weather", weather.input]],
  );
});

test("@langchain/openai turns texts into vectors", async () => {
  const embeddings = new OpenAIEmbeddings({ model: "@ganglion/tiny-embed", apiKey: token, configuration: { baseURL: `${url}/v1` } });
  const vectors = await embeddings.embedDocuments(["a cat\non the sofa", "a dog"]);
  assert.deepEqual(
    vectors.map(({ length }) => length),
    [512, 512],
  );
  assert.ok(Math.abs(Math.hypot(...vectors[0]) - 1) < 1e-3);
});

test("@langchain/openai hears what is wrong", async () => {
  await assert.rejects(
    openai("gpt-4o", { maxRetries: 0 }).invoke("Hello"),
    (thrown) => thrown.status === 404 && /GET \/v1\/models/.test(thrown.message),
  );
  await assert.rejects(openai(chat, { apiKey: "nobody-has-this", maxRetries: 0 }).invoke("Hello"), { status: 401 });
  await assert.rejects(
    openai(chat, { temperature: 9, maxRetries: 0 }).invoke("Hello"),
    (thrown) => thrown.status === 400 && /'\/temperature'/.test(thrown.message),
  );
  await assert.rejects(openai(echo, { base: freeUrl, maxTokens: 1_000_000, maxRetries: 0 }).invoke("Hello"), {
    status: 429,
    code: "insufficient_quota",
  });
  await assert.rejects(async () => {
    for await (const chunk of await openai(echo, { maxRetries: 0 }).stream("one two <fail/> three"))
      assert.ok(!chunk.content.includes("three"));
  }, /echo failed/);
});

test("@langchain/cloudflare asks for a text", async () => {
  const answer = await new ChatCloudflareWorkersAI({ model: chat, ...workersAi }).invoke("What is the capital of France?");
  assert.equal(answer.content, "The capital of France is Paris.");
  assert.equal(await new CloudflareWorkersAI({ model: echo, ...workersAi }).invoke("naïve 日本 🦜 text"), "naïve 日本 🦜 text");
});

test("@langchain/cloudflare reads a stream without loss", async () => {
  const streams = [new ChatCloudflareWorkersAI({ model: echo, ...workersAi }), new CloudflareWorkersAI({ model: echo, ...workersAi })];
  for (const model of streams) {
    let said = "";
    for await (const piece of await model.pipe(new StringOutputParser()).stream("naïve 日本 🦜 text")) said += piece;
    assert.equal(said, "naïve 日本 🦜 text");
  }
});

test("@langchain/cloudflare leaves a stream, and the next call is answered", async () => {
  const model = new ChatCloudflareWorkersAI({ model: echo, ...workersAi });
  for await (const _chunk of await model.stream(long.text)) break;
  assert.equal((await model.invoke("hello")).content, "hello");
});

test("@langchain/cloudflare turns texts into vectors, through a binding", async () => {
  const embeddings = new CloudflareWorkersAIEmbeddings({ model: "@ganglion/tiny-embed", binding: createAi({ baseUrl: url, token }) });
  const vectors = await embeddings.embedDocuments(["a cat", "a dog"]);
  assert.deepEqual(
    vectors.map(({ length }) => length),
    [512, 512],
  );
});

test("@langchain/cloudflare hears what is wrong, as far as it listens: the status", async () => {
  const refused = new ChatCloudflareWorkersAI({ model: "@cf/nobody/nothing", ...workersAi, maxRetries: 0 }).invoke("Hello");
  await assert.rejects(refused, /status code 400/);
});
