import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf, openTestApp, type TestApp } from "../../../test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
});

const echo = "@ganglion/echo";
const forModel = (model: string | undefined) => ({ "content-type": "application/json", "cf-consn-model-id": model });
const said = { response: "one two", usage: { prompt_tokens: 2, completion_tokens: 2 } };

describe("what env.AI.run sends", () => {
  it.each(["/run?version=3", "/run?version=2", "/ai-gateway/run?version=3"])("%s is answered with the bare result", async (path) => {
    const { status, json, headers } = await app.ask(
      path,
      { inputs: { prompt: "one two" }, options: { gateway: { id: "g" } } },
      forModel(echo),
    );
    expect(status).toBe(200);
    expect(json).toMatchObject(said);
    expect(json).not.toHaveProperty("success");
    expect(headers.get("content-type")).toBe("application/json"); // with a charset workerd would hand its user a stream
    expect(headers.get("cf-ai-req-id")).toMatch(/^[\da-f-]{36}$/);
  });

  it("takes a model's name behind a prefix", async () => {
    expect(await app.ask("/run", { inputs: { prompt: "hi" } }, forModel(`beta:${echo}`))).toMatchObject({ json: { response: "hi" } });
  });

  it("streams events", async () => {
    const response = await app.send("/run?version=3", {
      json: { inputs: { prompt: "one two", stream: true }, options: {} },
      headers: forModel(echo),
    });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await eventsOf(response)).toMatchObject([{ response: "one" }, { response: " two" }, { response: "" }, "[DONE]"]);
  });

  it.each([
    ["no model", { inputs: { prompt: "x" } }, undefined, 400, 5006, /cf-consn-model-id/],
    ["an unknown model", { inputs: { prompt: "x" } }, "@cf/never/was", 400, 5007, /^No such model @cf\/never\/was or task/],
    ["a wrong type", { inputs: { prompt: 5 } }, echo, 400, 5006, /\/prompt/],
    ["no inputs", { prompt: "x" }, echo, 400, 5006, /\/inputs/],
    ["a batch", { inputs: { requests: [] }, options: { queueRequest: true } }, echo, 400, 5006, /queueRequest/],
  ])("refuses %s in the words that workerd reads", async (_name, body, model, httpCode, internalCode, description) => {
    const { status, json } = await app.ask("/run?version=3", body, forModel(model));
    expect(status).toBe(httpCode);
    expect(json).toMatchObject({
      name: "AiError",
      internalCode,
      httpCode,
      description: expect.stringMatching(description) as string,
      requestId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      message: expect.stringMatching(/^AiError: .+ \([\da-f-]{36}\)$/) as string,
    });
  });

  it("says of a stream that the model does not take one", async () => {
    const reply = await app.send(`/run?version=3&userInputs=%7B%7D`, {
      method: "POST",
      body: "RIFF",
      headers: { "content-type": "audio/wav", "cf-consn-model-id": echo },
    });
    expect([reply.status, await reply.json()]).toMatchObject([
      400,
      { internalCode: 5006, description: expect.stringContaining("stream") as string },
    ]);
  });

  it("takes a Uint8Array as JSON writes it, and a stream, where a model takes a file", async () => {
    // Past the reading of the input: what is wrong then is that there are no weights.
    const weightsMissing = { status: 400, json: { internalCode: 5007, description: expect.stringContaining("weights") as string } };
    const audio = new Uint8Array([82, 73, 70, 70]);
    expect(await app.ask("/run", { inputs: { audio } }, forModel("@cf/openai/whisper"))).toMatchObject(weightsMissing);
    const turbo = { inputs: { audio: { body: audio, contentType: "audio/wav" } } };
    expect(await app.ask("/run", turbo, forModel("@cf/openai/whisper-large-v3-turbo"))).toMatchObject(weightsMissing);
    const streamed = await app.send("/run?version=3&userInputs=%7B%7D", {
      method: "POST",
      body: audio,
      headers: { "cf-consn-model-id": "@cf/openai/whisper" },
    });
    expect(await streamed.json()).toMatchObject(weightsMissing.json);
  });

  it("answers any query and any inputs with a status below 500", async () => {
    const models = fc.constantFrom(echo, "@cf/openai/whisper", "@cf/bytedance/stable-diffusion-xl-lightning", ":", "a:b", "__proto__");
    await fc.assert(
      fc.asyncProperty(
        models,
        fc.option(fc.oneof(fc.string(), fc.json()), { nil: undefined }),
        fc.json(),
        async (model, others, inputs) => {
          const query = others === undefined ? "" : `?userInputs=${encodeURIComponent(others)}`;
          const reply = await app.send(`/run${query}`, { method: "POST", body: `{"inputs":${inputs}}`, headers: forModel(model) });
          expect(reply.status, await reply.text()).toBeLessThan(500);
        },
      ),
      { numRuns: process.env["GANGLION_SOAK"] ? 20_000 : 500 },
    );
  }, 600_000);
});

describe("the other methods of env.AI", () => {
  it("models() finds models", async () => {
    expect((await app.ask("/ai-api/models/search?search=tiny-chat")).json).toMatchObject({ result: [{ name: "@ganglion/tiny-chat" }] });
    expect(await app.ask("/ai-api/models/search?page=0")).toMatchObject({
      status: 400,
      json: { errors: [{ message: expect.stringContaining("/page") as string }] },
    });
  });

  it("gateway().getUrl() gives addresses of this server, at which a client of the provider finds its routes", async () => {
    const urlOf = async (provider: string) =>
      ((await app.ask(`/ai-gateway/gateways/g/url/${provider}`)).json as { result: { url: string } }).result.url;
    const pathOf = async (provider: string) => new URL(await urlOf(provider)).pathname;
    expect(await app.ask(`${await pathOf("workers-ai")}/${echo}`, { prompt: "hi" })).toMatchObject({ status: 200 });
    const chat = { model: echo, messages: [{ role: "user", content: "hi" }] };
    for (const provider of ["openai", "compat"]) {
      expect(await app.ask(`${await pathOf(provider)}/chat/completions`, chat)).toMatchObject({ status: 200 });
    }
    for (const other of ["anthropic", "constructor", "__proto__", "toString"]) {
      expect(await app.ask(`/ai-gateway/gateways/g/url/${other}`)).toMatchObject({ status: 404, json: { errors: [{}] } });
    }
  });

  it("gateway().getLog() and patchLog() find no log, as for an id that never was", async () => {
    const get = await app.send("/ai-gateway/gateways/g/logs/x");
    const patch = await app.send("/ai-gateway/gateways/g/logs/x", { method: "PATCH", body: '{"score":1}' });
    for (const reply of [get, patch]) {
      expect([reply.status, await reply.json()]).toMatchObject([
        404,
        { errors: [{ message: expect.stringContaining("Log Not Found") as string }] },
      ]);
    }
  });

  it("a path that no method has is refused in the binding's shape", async () => {
    expect(await app.ask("/autorag/rags")).toMatchObject({ status: 404, json: { internalCode: 7000, errors: [{ code: 7000 }] } });
  });

  it.each(["/run?version=3&body=%7B%7D", "/mf?MF-Binding=AI", `/client/v4/accounts/x/ai/run/${echo}`])(
    "%s is told at once that websockets are not served",
    async (path) => {
      const reply = await app.send(path, { headers: { authorization: undefined, upgrade: "websocket" } });
      expect([reply.status, JSON.stringify(await reply.json())]).toEqual([405, expect.stringContaining("websockets are not served")]);
    },
  );
});

describe("Miniflare's remote bindings at /mf", () => {
  const carried = (url: string, headers: Record<string, string | undefined> = {}) => ({ "mf-url": url, "mf-binding": "AI", ...headers });
  const run = "https://workers-binding.ai/run?version=3";
  const model = { "mf-header-content-type": "application/json", "mf-header-cf-consn-model-id": echo };
  const call = { inputs: { prompt: "one two" }, options: {} };

  it("is answered as what it carries", async () => {
    expect(await app.ask("/mf", call, carried(run, model))).toMatchObject({ status: 200, json: said });
    const found = await app.ask("/mf", undefined, carried("https://workers-binding.ai/ai-api/models/search?search=tiny-chat"));
    expect(found.json).toMatchObject({ result: [{ name: "@ganglion/tiny-chat" }] });
    const patched = await app.send("/mf", {
      method: "PATCH",
      body: "{}",
      headers: carried("https://workers-binding.ai/ai-gateway/gateways/g/logs/x"),
    });
    expect(patched.status).toBe(404);
  });

  it("takes the token from the query, where it can send no header", async () => {
    const headers = carried(run, { ...model, authorization: undefined });
    expect(await app.ask(`/mf?token=${app.secret}`, call, headers)).toMatchObject({ status: 200 });
    expect(await app.ask("/mf?token=never", call, headers)).toMatchObject({ status: 401, json: { internalCode: 10000 } });
    expect(await app.ask("/mf", call, headers)).toMatchObject({ status: 401 });
  });

  it("logs neither the token in the query nor what is carried", async () => {
    app.logs.length = 0;
    await app.ask(`/mf?token=${app.secret}`, call, carried(run, { ...model, authorization: undefined }));
    expect(app.logs).toMatchObject([{ route: "/run", status: 200 }]);
    expect(JSON.stringify(app.logs)).not.toMatch(new RegExp(`${app.secret}|one two`));
  });

  it("takes no token, length or host from what is carried", async () => {
    const headers = carried(run, {
      ...model,
      "mf-header-authorization": "Bearer never",
      "mf-header-content-length": "1",
      "mf-header-host": "evil.example",
      "mf-header-mf-url": run,
    });
    expect(await app.ask("/mf", call, headers)).toMatchObject({ status: 200, json: said });
    expect(
      await app.ask("/mf", call, { ...carried(run, model), authorization: undefined, "mf-header-authorization": `Bearer ${app.secret}` }),
    ).toMatchObject({
      status: 401,
    });
  });

  it.each(["http://169.254.169.254/", "https://evil.example/run", "file:///etc/passwd", "nonsense"])(
    "carries nothing to %s",
    async (url) => {
      expect(await app.ask("/mf", call, carried(url, model))).toMatchObject({ status: 404, json: { errors: [{}] } });
    },
  );

  it("carries no carrier in a carrier", async () => {
    expect(await app.ask("/mf", call, carried("https://workers-binding.ai/mf", { ...model, "mf-header-mf-url": run }))).toMatchObject({
      status: 404,
    });
  });

  it("says what it is for to who asks without an address", async () => {
    expect(await app.ask("/mf")).toMatchObject({
      status: 404,
      json: { description: expect.stringContaining("remoteProxyConnectionString") as string },
    });
  });
});

describe("ai/run/proxy of wrangler up to 4.35", () => {
  const proxy = (account: string) => `/client/v4/accounts/${account}/ai/run/proxy`;
  const headers = { ...forModel(echo), "x-forwarded": "http://workers-binding.ai/run?version=3" };

  it("is answered as what it carries, whatever the method", async () => {
    expect(await app.ask(proxy(app.accountId), { inputs: { prompt: "one two" } }, headers)).toMatchObject({ status: 200, json: said });
    const search = { "x-forwarded": "https://workers-binding.ai/ai-api/models/search?search=tiny-chat" };
    expect((await app.ask(proxy(app.accountId), undefined, search)).json).toMatchObject({ result: [{ name: "@ganglion/tiny-chat" }] });
  });

  it("is refused for another account", async () => {
    expect(await app.ask(proxy("0".repeat(32)), { inputs: { prompt: "hi" } }, headers)).toMatchObject({
      status: 403,
      json: { internalCode: 10000 },
    });
  });

  it("carries no carrier in a carrier", async () => {
    const loop = { ...headers, "x-forwarded": "https://workers-binding.ai/" };
    expect(await app.ask(proxy(app.accountId), { inputs: { prompt: "hi" } }, loop)).toMatchObject({
      status: 400,
      json: { errors: [{ code: 5007 }] },
    });
  });
});
