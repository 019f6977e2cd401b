import { describe, expect, it } from "vitest";
import { createAi } from "./index.ts";

/** An `Ai` whose server gives one answer, and what it was asked. */
function aiThatHears(body: string, init: ResponseInit = {}) {
  const asked: Request[] = [];
  const ai = createAi({
    baseUrl: "http://server.test/below/",
    token: "secret",
    fetch: async (url, sent) => {
      asked.push(new Request(url, { ...sent, ...(sent?.body && { duplex: "half" }) }));
      return new Response(body, { headers: { "content-type": "application/json" }, ...init });
    },
  });
  return { ai, asked };
}

describe("what is sent", () => {
  it("goes below the base URL, with the token", async () => {
    const { ai, asked } = aiThatHears("{}");
    await ai.run("@cf/a/b", { prompt: "x" });
    await ai.models({ search: "a b", page: 2 });
    await ai
      .gateway("g")
      .getUrl()
      .catch(() => {});
    await ai.fetch("https://workers-binding.ai/run?version=2", { method: "POST", body: "{}" });
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST http://server.test/below/run?version=3",
      "GET http://server.test/below/ai-api/models/search?search=a+b&page=2",
      "GET http://server.test/below/ai-gateway/gateways/g/url/universal",
      "POST http://server.test/below/run?version=2",
    ]);
    expect(asked.map(({ headers }) => headers.get("authorization"))).toEqual(Array(4).fill("Bearer secret"));
  });

  it("has options beside the inputs, and none of those that are for the way", async () => {
    const { ai, asked } = aiThatHears("{}");
    await ai.run(
      "@cf/a/b",
      { prompt: "x" },
      { prefix: "beta", tags: ["t"], extraHeaders: { "x-session-affinity": "s", "cf-consn-model-id": "other" } },
    );
    const [request] = asked;
    expect(await request?.json()).toEqual({ inputs: { prompt: "x" }, options: { tags: ["t"] } });
    expect(request?.headers.get("cf-consn-model-id")).toBe("beta:@cf/a/b");
    expect(request?.headers.get("x-session-affinity")).toBe("s");
  });

  it("is the stream, where one of the inputs is one, with the others in the query", async () => {
    const { ai, asked } = aiThatHears("{}");
    await ai.run("@cf/a/b", { audio: { body: new Blob(["RIFF"]).stream(), contentType: "audio/wav" }, language: "en" }, { tags: "t" });
    const [request] = asked;
    expect(Object.fromEntries(new URL(request?.url ?? "").searchParams)).toEqual({
      tags: "t",
      version: "3",
      userInputs: '{"language":"en"}',
    });
    expect([request?.headers.get("content-type"), await request?.text()]).toEqual(["audio/wav", "RIFF"]);
  });

  it.each([
    ["a stream without a content type", { audio: new Blob(["x"]).stream() }, {}, "Content-Type is required with ReadableStream inputs"],
    [
      "a stream through a gateway",
      { audio: { body: new Blob(["x"]).stream(), contentType: "a/b" } },
      { gateway: { id: "g" } },
      "AI Gateway does not support ReadableStreams yet.",
    ],
    ["a websocket", {}, { websocket: true }, "Ganglion serves no websockets"],
  ])("is nothing for %s", async (_name, inputs, options, message) => {
    const { ai, asked } = aiThatHears("{}");
    await expect(ai.run("@cf/a/b", inputs, options)).rejects.toMatchObject({ name: "AiInternalError", message });
    expect(asked).toEqual([]);
  });
});

describe("an error", () => {
  it.each([
    ["with a code of its own", '{"internalCode":5007,"name":"AiError","description":"No such model"}', "AiError", "5007: No such model"],
    [
      "in an envelope",
      '{"errors":[{"code":10000,"message":"Authentication error"}]}',
      "InferenceUpstreamError",
      "10000: Authentication error",
    ],
    ["that is other JSON", '{"detail":"no"}', "InferenceUpstreamError", '{"detail":"no"}'],
    ["that is no JSON", "<h1>502</h1>", "InferenceUpstreamError", "<h1>502</h1>"],
    ["that is null", "null", "InferenceUpstreamError", "null"],
  ])("%s is thrown as workerd throws it", async (_name, body, name, message) => {
    const { ai } = aiThatHears(body, { status: 400 });
    await expect(ai.run("@cf/a/b", {})).rejects.toMatchObject({ name, message });
    expect(ai.lastRequestHttpStatusCode).toBe(400);
  });

  it("of another method has the server's message", async () => {
    const { ai } = aiThatHears('{"errors":[{"code":1,"message":"no such page"}]}', { status: 404 });
    await expect(ai.models()).rejects.toMatchObject({ name: "AiInternalError", message: "no such page" });
    await expect(ai.gateway("g").getLog("l")).rejects.toMatchObject({ name: "AiGatewayLogNotFound", message: "no such page" });
    await expect(ai.toMarkdown().transform([])).rejects.toMatchObject({ name: "AiInternalError", message: "no such page" });
  });

  it("names the address where nothing answers, and leaves an abort as it is", async () => {
    const ai = createAi({ baseUrl: "http://127.0.0.1:1/" });
    await expect(ai.run("@cf/a/b", {})).rejects.toMatchObject({
      name: "AiInternalError",
      message: "Ganglion cannot be reached at http://127.0.0.1:1: start it there (`ganglion serve`), or correct baseUrl",
    });
    await expect(ai.run("@cf/a/b", {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("says which methods there are not", () => {
    expect(() => aiThatHears("").ai.aiSearch()).toThrow("Ganglion does not serve aiSearch");
  });
});

it("gives bytes as a stream, and JSON with a charset too, as workerd does", async () => {
  const { ai } = aiThatHears("{}", { headers: { "content-type": "application/json; charset=utf-8" } });
  expect(await ai.run("@cf/a/b", {})).toBeInstanceOf(ReadableStream);
});

it("converts files as base64, one or several", async () => {
  const { ai, asked } = aiThatHears('{"result":[{"name":"a.txt"}]}');
  const file = { name: "a.txt", blob: new Blob(["hi"], { type: "text/plain" }) };
  expect(await ai.toMarkdown(file)).toEqual({ name: "a.txt" });
  expect(await ai.toMarkdown([file])).toEqual([{ name: "a.txt" }]);
  expect(await asked[0]?.json()).toMatchObject({ files: [{ name: "a.txt", mimeType: "text/plain", data: "aGk=" }] });
});
