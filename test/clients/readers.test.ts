import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Judge, type JudgedServers, startJudgedServers } from "./judged-servers.ts";
import * as lobe from "./readers/lobe-chat.ts";
import * as newApi from "./readers/new-api.ts";
import * as nextChat from "./readers/next-chat.ts";
import * as oneApi from "./readers/one-api.ts";
import * as openWebUi from "./readers/open-webui.ts";
import * as portkey from "./readers/portkey.ts";
import { post, type Reader, type Way } from "./readers/reader.ts";
import { weather } from "./weather.ts";

const chat = "@ganglion/tiny-chat";
const echo = "@ganglion/echo";

let servers: JudgedServers;
beforeAll(async () => {
  servers = await startJudgedServers();
});
afterAll(() => servers.stop());

/** Each is recorded under its own name. */
const judges = new Map<string, Promise<Judge>>();
async function wayOf(client: string, through: (judge: Judge) => string = ({ url }) => url): Promise<Way> {
  const judge = judges.get(client) ?? servers.judge(client);
  judges.set(client, judge);
  return { url: through(await judge), accountId: servers.accountId, token: servers.token };
}

const readers: readonly (readonly [client: string, reader: Reader])[] = [
  ["One API", oneApi.oneApi],
  ["One API", oneApi.oneApiCloudflare],
  ["new-api", newApi.newApi],
  ["LobeChat", lobe.lobeChat],
  ["Portkey", portkey.portkey],
  ["Open WebUI", openWebUi.openWebUi],
  ["NextChat", nextChat.nextChat],
];

describe.each(readers)("%s", (client, reader) => {
  const { name, deafTo } = reader;

  it(`${name} reads a stream without loss`, async () => {
    const text = "naïve 日本語 🦜 text\n\ndata: [DONE in quotes] <p>\t\\n";
    const heard = await reader.stream(await wayOf(client), { model: echo, text });
    expect(heard).toEqual({ text, toolCalls: [], made: deafTo.made ? undefined : heard.made, wrong: undefined });
    if (!deafTo.made && client !== "One API") expect(heard.made).toBeGreaterThan(5);
  });

  it(`${name} reads a stream that a proxy has cut into pieces`, async () => {
    const text = "naïve 日本語 🦜 ".repeat(8);
    const heard = await reader.stream(await wayOf(client, ({ cutUrl }) => cutUrl), { model: echo, text });
    expect(heard.text).toBe(text);
  });

  it(`${name} reads a word of 200,000 characters`, async () => {
    const text = "日本".repeat(100_000);
    const heard = await reader.stream(await wayOf(client), { model: echo, text });
    expect(heard.text === text).toBe(true); // a difference would fill the screen
  });

  it(`${name} reads a true model's words`, async () => {
    const heard = await reader.stream(await wayOf(client), { model: chat, text: "What is the capital of France?" });
    expect(heard.text).toBe("The capital of France is Paris.");
  });

  it(`${name} ${deafTo.toolCalls ? `does not hear of calls: ${deafTo.toolCalls}` : "reads a call whole"}`, async () => {
    const input = '{"city": "São Paulo", "days": 3}';
    const text = `call ${weather.tool.name} ${input}`;
    const heard = await reader.stream(await wayOf(client), { model: echo, text, tools: [weather.tool] });
    const called = [{ name: weather.tool.name, arguments: input }];
    expect(heard.toolCalls).toEqual(deafTo.toolCalls ? [] : called);
    expect(heard.wrong).toBeUndefined();
  });

  it(`${name} ${deafTo.wrong ? `does not hear of errors in streams: ${deafTo.wrong}` : "hears of an error in the middle of a stream"}`, async () => {
    const heard = await reader.stream(await wayOf(client), { model: echo, text: "one two <fail/> three" });
    expect(heard.text).toBe("one two");
    expect(heard.wrong ?? "nothing").toMatch(deafTo.wrong ? /^nothing$/ : /echo failed/);
  });

  it(`${name} hears why a request is refused, and the way out`, async () => {
    const heard = await reader.stream(await wayOf(client), { model: "@cf/nobody/nothing", text: "Hello" });
    expect(heard.wrong).toMatch(/GET \/v1\/models lists them|GET ai\/models\/search lists the models/);
  });
});

describe("One API", () => {
  it("passes its test of a channel", async () => {
    expect(await oneApi.testChannel(await wayOf("One API"), chat)).not.toBe("");
  });

  it("reads whole answers through a channel of type Cloudflare, calls of tools among them", async () => {
    const tools = [{ type: "function", function: weather.tool }];
    const body = { model: chat, messages: [{ role: "user", content: weather.question }], tools, tool_choice: "required" };
    expect(await oneApi.askCloudflareChannel(await wayOf("One API"), body)).toEqual([""]);
  });

  it("keeps a channel that fails for a moment, and takes one out of service whose neurons are spent", async () => {
    const { url, token } = await wayOf("One API");
    const free = await wayOf("One API", ({ freeUrl }) => freeUrl);
    const ask = (text: string, more: object = {}) => ({ model: echo, messages: [{ role: "user", content: text }], ...more });
    expect(await oneApi.disablesChannel(await post(`${url}/v1/chat/completions`, token, ask("<fail/>")))).toBe(false);
    expect(await oneApi.disablesChannel(await post(`${url}/v1/chat/completions`, token, ask("hi", { temperature: 9 })))).toBe(false);
    expect(await oneApi.disablesChannel(await post(`${free.url}/v1/chat/completions`, token, ask("hi", { max_tokens: 1_000_000 })))).toBe(
      true,
    );
    expect(await oneApi.disablesChannel(await post(`${url}/v1/chat/completions`, "nobody-has-this", ask("hi")))).toBe(true);
  });
});

describe("new-api", () => {
  it("passes its test of a channel, by the kind of model", async () => {
    const way = await wayOf("new-api");
    expect(await newApi.testChannel(way, chat)).toMatchObject({ object: "chat.completion" });
    expect(await newApi.testChannel(way, "@ganglion/tiny-embed")).toMatchObject({ data: [{ index: 0 }] });
    expect(await newApi.testChannel(way, "@ganglion/tiny-rerank")).toMatchObject({ results: [{ index: 0 }, { index: 1 }] });
    await expect(newApi.testChannel(way, "@cf/nobody/nothing")).rejects.toThrow(/there is no model/);
  });

  it("fetches the models", async () => {
    expect(await newApi.fetchModels(await wayOf("new-api"))).toContain("@cf/meta/llama-3.1-8b-instruct");
  });

  it("sends a recording without a word of what it is", async () => {
    const way = await wayOf("new-api");
    expect(await newApi.transcribe(way, "@ganglion/tiny-listen", await recording())).toBe("hello there");
  });
});

describe("LobeChat", () => {
  it("reads the catalogue", async () => {
    const models = await lobe.listModels(await wayOf("LobeChat"));
    expect(models).toContainEqual({ id: chat, functionCall: expect.any(Boolean), vision: false });
  });
});

describe("Portkey", () => {
  it("completes a prompt", async () => {
    expect(await portkey.complete(await wayOf("Portkey"), echo, "one two")).toBe("\n\nHuman: one two\n\nAssistant:");
  });

  it("turns texts into vectors", async () => {
    const vectors = await portkey.embed(await wayOf("Portkey"), "@ganglion/tiny-embed", ["a cat", "a dog"]);
    expect(vectors.map(({ length }) => length)).toEqual([512, 512]);
  });
});

describe("Open WebUI", () => {
  it("lists the models", async () => {
    expect(await openWebUi.listModels(await wayOf("Open WebUI"))).toContain(chat);
  });

  it("turns texts into vectors, in numbers without asking for them", async () => {
    const vectors = await openWebUi.embed(await wayOf("Open WebUI"), "@ganglion/tiny-embed", ["a cat", "a dog"]);
    expect(vectors.map((vector) => [vector.length, typeof vector[0]])).toEqual([
      [512, "number"],
      [512, "number"],
    ]);
  });

  it("scores every document", async () => {
    const documents = ["Coal is black.", "A cat sleeps on the sofa.", "Tea."];
    const scores = await openWebUi.rerank(await wayOf("Open WebUI"), "@ganglion/tiny-rerank", "Where do cats sleep?", documents);
    expect(scores).toHaveLength(3);
    expect(scores.indexOf(Math.max(...scores))).toBe(1);
  });

  it("has voices to offer without a token", async () => {
    expect(await openWebUi.voices(await wayOf("Open WebUI"))).toContain("alloy");
  });

  it("draws, and listens", async () => {
    const way = await wayOf("Open WebUI");
    const picture = await openWebUi.picture(way, "@ganglion/echo-picture", "a red circle");
    expect(Buffer.from(picture.subarray(1, 4)).toString()).toBe("PNG");
    expect(await openWebUi.transcribe(way, "@ganglion/tiny-listen", await recording())).toBe("hello there");
  });
});

describe("NextChat", () => {
  it("reads a whole answer", async () => {
    expect(await nextChat.ask(await wayOf("NextChat"), chat, "What is the capital of France?")).toBe("The capital of France is Paris.");
    expect(await nextChat.ask(await wayOf("NextChat"), "gpt-4o", "Hello")).toContain("there is no model gpt-4o");
  });

  it("shows what is used", async () => {
    const month = new Date().toISOString().slice(0, 7);
    expect(await nextChat.balance(await wayOf("NextChat"), month)).toEqual({ used: expect.any(Number), total: expect.any(Number) });
  });

  it("may ask from a browser's page of another origin", async () => {
    const { url } = await wayOf("NextChat");
    const headers = {
      origin: "https://chat.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    };
    const preflight = await fetch(`${url}/v1/chat/completions`, { method: "OPTIONS", headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization,content-type");
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  });
});

/** Not asked by the client. */
async function recording(): Promise<Uint8Array<ArrayBuffer>> {
  const ask = { model: "@ganglion/tiny-speak", voice: "alloy", input: "hello there", response_format: "wav" };
  return new Uint8Array(await (await post(`${servers.url}/v1/audio/speech`, servers.token, ask)).arrayBuffer());
}

it.each([...new Set(readers.map(([client]) => client))])("what %s sends is what docs/compatibility.md says", async (client) => {
  await (await judges.get(client))?.expectSeen({});
});
