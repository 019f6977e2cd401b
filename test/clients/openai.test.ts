import OpenAI, { AuthenticationError, BadRequestError, InternalServerError, NotFoundError, RateLimitError, toFile } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { collect } from "./collect.ts";
import { type Judge, type JudgedServers, startJudgedServers, versionIn } from "./judged-servers.ts";
import { longText, longTextWords, neuronsOf } from "./long-text.ts";
import { weather } from "./weather.ts";

let servers: JudgedServers;
let judge: Judge;
let client: OpenAI;
const clientAt = (url: string, apiKey = servers.token) => new OpenAI({ baseURL: `${url}/v1`, apiKey });
beforeAll(async () => {
  servers = await startJudgedServers();
  judge = await servers.judge("openai");
  client = clientAt(judge.url);
});
afterAll(() => servers.stop());

const chat = { model: "@ganglion/tiny-chat", temperature: 0 } as const;
const echo = { model: "@ganglion/echo" } as const;
const say = (content: string) => ({ role: "user" as const, content });
const tools = [{ type: "function" as const, function: weather.tool }];
const echoAll = { ...echo, messages: [say(longText)], max_tokens: longTextWords };
/** Asked for a city where there is none, the model goes on until its context is full. */
const babble = { messages: [say("Hello")], tools, tool_choice: "required" as const };

describe("openai holds conversations", () => {
  it("whole, with the usage and the id of the request", async () => {
    const answer = await client.chat.completions.create({ ...chat, messages: [say("What is the capital of France?")] });
    expect(answer.choices[0]?.message.content).toBe("The capital of France is Paris.");
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    expect(answer.usage).toMatchObject({ prompt_tokens: 18, completion_tokens: 12, total_tokens: 30 });
    expect(answer._request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("over several turns, with the roles and the parts of content that it sends", async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: "user", content: [{ type: "text", text: "My name is Anna." }] },
      { role: "assistant", content: "Nice to meet you, Anna!" },
      { role: "user", content: "What is my name?", name: "anna" },
    ];
    const answer = await client.chat.completions.create({ ...chat, messages, max_completion_tokens: 20, user: "anna", store: false });
    expect(answer.choices[0]?.message.content).toBe("Your name is Anna.");
  });

  it("streamed, piece by piece, with the usage at the end", async () => {
    const stream = await client.chat.completions.create({
      ...chat,
      messages: [say("What is the capital of Japan?")],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("The capital of Japan is Tokyo.");
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(["stop"]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 12 } });
  });

  it("streamed through its helper, which insists on a role and a finish reason", async () => {
    const stream = client.chat.completions.stream({ ...echo, messages: [say("naïve 日本 🦜 text")] });
    expect(await stream.finalContent()).toBe("naïve 日本 🦜 text");
  });

  it("with the route below an account", async () => {
    const atAccount = clientAt(`${judge.url}/client/v4/accounts/${servers.accountId}/ai`);
    const answer = await atAccount.chat.completions.create({ ...echo, messages: [say("hello")] });
    expect(answer.choices[0]?.message.content).toBe("hello");
  });

  it("several at once, stopped at a word, cut at a length, with log probabilities", async () => {
    const messages = [say("one two three four")];
    const [twice, stopped, cut, judged] = await Promise.all([
      client.chat.completions.create({ ...echo, messages, n: 2 }),
      client.chat.completions.create({
        ...echo,
        messages,
        stop: ["three"],
        seed: 1,
        top_p: 0.5,
        frequency_penalty: 0,
        presence_penalty: 0,
      }),
      client.chat.completions.create({ ...echo, messages, max_tokens: 2 }),
      client.chat.completions.create({ ...chat, messages: [say("Hello")], logprobs: true, top_logprobs: 2 }),
    ]);
    expect(twice.choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, "one two three four"],
      [1, "one two three four"],
    ]);
    expect(stopped.choices[0]?.message.content).toBe("one two ");
    expect(cut.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "one two" } });
    const [first] = judged.choices[0]?.logprobs?.content ?? [];
    expect(first?.top_logprobs).toHaveLength(2);
    expect(first?.top_logprobs[0]).toMatchObject({ token: first?.token, logprob: first?.logprob });
  });
});

describe("openai leaves", () => {
  it("a stream, and the engine stops", async () => {
    const cost = await servers.costOf(async () => {
      const stream = await client.chat.completions.create({ ...echoAll, stream: true });
      for await (const _chunk of stream) break;
    });
    expect(cost).toBeGreaterThan(neuronsOf(longTextWords, 0));
    expect(cost).toBeLessThan(neuronsOf(longTextWords, longTextWords / 2));
  });

  it("a true model that babbles, and the next call is answered", async () => {
    const cost = await servers.costOf(async () => {
      const stream = await client.chat.completions.create({ ...chat, ...babble, stream: true });
      for await (const { choices } of stream) if (choices[0]?.delta.tool_calls) break;
    });
    expect(cost).toBeLessThan(neuronsOf(100, 1_000));
    const answer = await client.chat.completions.create({ ...chat, messages: [say("Hello")] });
    expect(answer.choices[0]?.message.content).toBe("Hello! How can I help you?");
  });
});

describe("openai asks for forms", () => {
  const person = z.object({ name: z.string(), age: z.int(), city: z.string() });
  const messages = [say("Anna is 31 years old. Anna lives in Oslo. Answer as JSON with keys name, age and city.")];

  it("and parses what comes", async () => {
    const answer = await client.chat.completions.parse({ ...chat, messages, response_format: zodResponseFormat(person, "person") });
    expect(answer.choices[0]?.message.parsed).toEqual({ name: "Anna", age: 31, city: "Oslo" });
  });

  it("and parses it from a stream", async () => {
    const stream = client.chat.completions.stream({ ...chat, messages, response_format: zodResponseFormat(person, "person") });
    expect((await stream.finalChatCompletion()).choices[0]?.message.parsed).toEqual({ name: "Anna", age: 31, city: "Oslo" });
  });

  it("of any JSON object", async () => {
    const answer = await client.chat.completions.create({ ...chat, messages, response_format: { type: "json_object" } });
    expect(JSON.parse(answer.choices[0]?.message.content ?? "")).toEqual({ name: "Anna", age: 31, city: "Oslo" });
  });
});

describe("openai gives tools", () => {
  it("and runs them: the call, the result, the answer", async () => {
    const asked: unknown[] = [];
    const runner = client.chat.completions.runTools({
      ...chat,
      messages: [say(weather.question)],
      tools: [
        {
          type: "function",
          function: {
            ...weather.tool,
            parse: JSON.parse,
            function: (input: object) => {
              asked.push(input);
              return weather.result;
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe(weather.answer);
    expect(asked).toEqual([weather.input]);
  });

  it("and runs them from a stream", async () => {
    const runner = client.chat.completions.runTools({
      ...chat,
      stream: true,
      messages: [say(weather.question)],
      tools: [{ type: "function", function: { ...weather.tool, parse: JSON.parse, function: () => weather.result } }],
    });
    expect(await runner.finalContent()).toBe(weather.answer);
  });

  it("and forces or forbids a call", async () => {
    const messages = [say(weather.question)];
    const named = await client.chat.completions.create({
      ...chat,
      messages,
      tools,
      tool_choice: { type: "function", function: { name: "get_weather" } },
      parallel_tool_calls: false,
    });
    const required = await client.chat.completions.create({ ...chat, messages, tools, tool_choice: "required" });
    const none = await client.chat.completions.create({ ...chat, messages, tools, tool_choice: "none" });
    for (const { choices } of [named, required]) {
      expect(choices[0]?.finish_reason).toBe("tool_calls");
      const [call] = choices[0]?.message.tool_calls ?? [];
      expect(call).toMatchObject({ type: "function", function: { name: "get_weather" } });
      expect(call?.type === "function" && JSON.parse(call.function.arguments)).toEqual(weather.input);
    }
    expect(none.choices[0]?.message.tool_calls).toBeUndefined();
  });
});

describe("openai continues texts", () => {
  it("whole and streamed", async () => {
    const whole = await client.completions.create({ ...echo, prompt: ["one two", "three"], echo: false });
    expect(whole.choices.map(({ text }) => text)).toEqual(["one two", "three"]);
    const stream = await client.completions.create({ ...echo, prompt: "one two three", max_tokens: 2, stream: true });
    const chunks = await collect(stream);
    expect(chunks.map(({ choices }) => choices[0]?.text ?? "").join("")).toBe("one two");
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("length");
  });
});

describe("openai turns texts into vectors", () => {
  const model = "@ganglion/tiny-embed";
  const dot = (a: readonly number[] = [], b: readonly number[] = []) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

  it("in base64, which it asks for by itself, with the same result as in numbers", async () => {
    const input = ["A cat sleeps on the sofa.", "The kitten naps on the couch.", "Coal is black."];
    const { data, usage } = await client.embeddings.create({ model, input });
    const numbers = await client.embeddings.create({ model, input, encoding_format: "float" });
    expect(data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 512],
      [1, 512],
      [2, 512],
    ]);
    const [cat, kitten, coal] = data.map(({ embedding }) => embedding);
    expect(dot(cat, cat)).toBeCloseTo(1, 4);
    expect(dot(cat, kitten)).toBeGreaterThan(dot(cat, coal));
    expect(cat?.[0]).toBeCloseTo(numbers.data[0]?.embedding[0] ?? 0, 6);
    expect(usage.prompt_tokens).toBeGreaterThan(10);
  });

  it("of more texts than a call of the engine takes, in their order", async () => {
    const { data } = await client.embeddings.create({ model, input: Array.from({ length: 120 }, (_, i) => `number ${i}`) });
    const [last] = (await client.embeddings.create({ model, input: "number 119" })).data;
    expect(data.map(({ index }) => index)).toEqual(Array.from({ length: 120 }, (_, i) => i));
    expect(dot(data[119]?.embedding, last?.embedding)).toBeCloseTo(1, 3);
  });

  it("of token ids of cl100k_base, which are read as the text that they stand for", async () => {
    const [ids] = (await client.embeddings.create({ model, input: [9906, 1917] })).data; // "Hello world"
    const [text] = (await client.embeddings.create({ model, input: "Hello world" })).data;
    expect(dot(ids?.embedding, text?.embedding)).toBeCloseTo(1, 4);
  });
});

describe("openai asks whether a text is harmful", () => {
  it("and hears of every text", async () => {
    const { results } = await client.moderations.create({ input: ["I like tea.", "What a lovely day."] });
    expect(results).toHaveLength(2);
    for (const { flagged, categories, category_scores: scores } of results) {
      expect(flagged).toBe(false);
      expect(Object.keys(categories)).toEqual(Object.keys(scores));
    }
  });
});

describe("openai makes and reads media", () => {
  it("images, as links and as bytes", async () => {
    const ask = { model: "@ganglion/echo-picture", prompt: "a red circle", size: "256x256" } as const;
    const [linked] = (await client.images.generate(ask)).data ?? [];
    const image = await fetch(linked?.url ?? "");
    expect(image.headers.get("content-type")).toBe("image/png");
    const { data = [] } = await client.images.generate({ ...ask, n: 2, response_format: "b64_json" });
    expect(
      data.map(({ b64_json }) =>
        Buffer.from(b64_json ?? "", "base64")
          .subarray(1, 4)
          .toString(),
      ),
    ).toEqual(["PNG", "PNG"]);
  });

  it("speech, and the text of it", async () => {
    const speech = await client.audio.speech.create({
      model: "@ganglion/tiny-speak",
      voice: "alloy",
      input: "hello there",
      response_format: "wav",
    });
    expect(speech.headers.get("content-type")).toBe("audio/wav");
    const ask = { model: "@ganglion/tiny-listen", file: await toFile(speech, "hello.wav") };
    expect(await client.audio.transcriptions.create(ask)).toMatchObject({ text: "hello there" });
    expect(await client.audio.transcriptions.create({ ...ask, response_format: "text" })).toContain("hello there");
    const verbose = await client.audio.transcriptions.create({
      ...ask,
      response_format: "verbose_json",
      timestamp_granularities: ["word", "segment"],
      language: "en",
    });
    expect(verbose.words?.map(({ word }) => word)).toEqual(["hello", "there"]);
    expect(verbose.segments).toHaveLength(1);
  });
});

describe("openai lists models", () => {
  it("to the end, and finds each by the name in the list", async () => {
    const models = await collect(client.models.list());
    expect(models.length).toBeGreaterThan(100);
    expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
    const { id, created } = await client.models.retrieve("@cf/meta/llama-3.1-8b-instruct");
    expect(models).toContainEqual(expect.objectContaining({ id, created }));
  });
});

describe("openai hears what is wrong", () => {
  const messages = [say("Hello")];

  it("with a token that nobody has", async () => {
    const refused = clientAt(judge.url, "nobody-has-this").chat.completions.create({ ...chat, messages });
    await expect(refused).rejects.toThrow(AuthenticationError);
    await expect(refused).rejects.toMatchObject({ code: "invalid_api_key", message: expect.stringContaining("ganglion tokens create") });
  });

  it("with a model that is not there", async () => {
    const refused = client.chat.completions.create({ ...chat, model: "gpt-4o", messages });
    await expect(refused).rejects.toThrow(NotFoundError);
    await expect(refused).rejects.toMatchObject({ code: "model_not_found", message: expect.stringContaining("GET /v1/models") });
    await expect(client.models.retrieve("gpt-4o")).rejects.toThrow(NotFoundError);
  });

  it("with a field", async () => {
    const refused = client.chat.completions.create({ ...chat, messages, temperature: 9 });
    await expect(refused).rejects.toThrow(BadRequestError);
    await expect(refused).rejects.toMatchObject({ param: "temperature", type: "invalid_request_error", requestID: expect.any(String) });
  });

  it("with a request for a stream, before the stream begins", async () => {
    const refused = client.chat.completions.create({ ...chat, messages: [say("Hello")], max_tokens: 4000, stream: true });
    await expect(refused).rejects.toMatchObject({ status: 400, code: "context_length_exceeded" });
  });

  it("with the address", async () => {
    await expect(clientAt(`${judge.url}/v1`).models.list()).rejects.toThrow(/with a base URL without \/v1/);
  });

  it("with an account that has no neurons left, and does not try again", async () => {
    const before = judge.requests.length;
    const refused = clientAt(judge.freeUrl).chat.completions.create({ ...echo, messages, max_tokens: 1_000_000 });
    await expect(refused).rejects.toThrow(RateLimitError);
    await expect(refused).rejects.toMatchObject({ code: "insufficient_quota", message: expect.stringMatching(/max_tokens/) });
    expect(judge.requests.length - before).toBe(1);
  });

  it("in the middle of a stream", async () => {
    const said: string[] = [];
    const reading = async () => {
      const stream = await client.chat.completions.create({ ...echo, messages: [say("one two <fail/> three")], stream: true });
      for await (const { choices } of stream) said.push(choices[0]?.delta.content ?? "");
    };
    await expect(reading()).rejects.toThrow(/echo failed/);
    expect(said.join("")).toBe("one two");
  });

  it("with the engine, and tries again", async () => {
    const before = judge.requests.length;
    const refused = client.chat.completions.create({ ...echo, messages: [say("<fail/>")] });
    await expect(refused).rejects.toThrow(InternalServerError);
    expect(judge.requests.length - before).toBe(1 + client.maxRetries);
  });
});

it("what openai sent is what docs/compatibility.md says", async () => {
  await judge.expectSeen({ openai: versionIn(".", "openai") });
});
