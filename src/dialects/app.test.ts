import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { eventsOf, openTestApp, type TestApp } from "../../test/app.ts";
import { Problem } from "../core/index.ts";
import { createEchoEngine } from "../engines/echo/index.ts";
import { dialects } from "./index.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
});

/** Every route of every dialect under every prefix, with an account filled in. */
const routesFor = (accountId: string) =>
  dialects.flatMap(({ prefixes, routes }) =>
    prefixes.flatMap((prefix) =>
      routes.map(({ method, path }) => ({
        method: method.toUpperCase(),
        path: (prefix + path)
          .replace(":account", accountId)
          .replace(/:\w+\{[^}]*\}/, "@ganglion/echo")
          .replace(/:\w+/g, "x"),
        inAccount: (prefix + path).includes(":account"),
      })),
    ),
  );

describe("every route", () => {
  it("wants a token, and says so before it reads the body", async () => {
    for (const { method, path } of routesFor(app.accountId)) {
      for (const authorization of [undefined, "Bearer x", "Bearer ' OR 1=1 --", `Bearer ${"x".repeat(5000)}`, "Bearer"]) {
        const body = method === "POST" ? { body: "{" } : {};
        const response = await app.send(path, { method, headers: { authorization }, ...body });
        expect([400, 401, 403], `${method} ${path} ${authorization}`).toContain(response.status);
        expect(JSON.stringify(await response.json())).toMatch(/token|Authorization/i);
      }
    }
  });

  it("gives another account's token the same answer as for an account that never was", async () => {
    const other = await app.accounts.create({ name: "other", plan: "unlimited" });
    for (const [index, { method, path, inAccount }] of routesFor(other.id).entries()) {
      if (!inAccount) continue;
      const never = routesFor("f".repeat(32))[index]?.path ?? "";
      const answers = await Promise.all(
        [path, never].map(async (url) => {
          const response = await app.send(url, { method, ...(method === "POST" && { body: '{"prompt":"hi"}' }) });
          return [response.status, (await response.text()).replaceAll(response.headers.get("x-request-id") ?? "", "ID")];
        }),
      );
      expect(answers[0]?.[0]).toBe(403);
      expect(answers[0]).toEqual(answers[1]);
    }
  });

  it("is refused to a token without the permission", async () => {
    const { secret } = await app.accounts.createToken({ accountId: app.accountId, name: "reader", permissions: ["read"] });
    for (const { method, path } of routesFor(app.accountId)) {
      const response = await app.send(path, {
        method,
        headers: { authorization: `Bearer ${secret}` },
        ...(method === "POST" && { body: "{}" }),
      });
      expect(response.status, path).toBe(403);
    }
  });

  it("can be read by a browser on another origin, errors too", async () => {
    for (const { method, path } of routesFor(app.accountId)) {
      const response = await app.send(path, { method, ...(method === "POST" && { body: "{" }) });
      expect(response.headers.get("access-control-allow-origin"), path).toBe("*");
      expect(response.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
    }
  });

  it("answers any body with a status below 500, in JSON", async () => {
    const posts = routesFor(app.accountId).filter(({ method }) => method === "POST");
    const fields = [
      "model",
      "prompt",
      "messages",
      "role",
      "content",
      "stream",
      "max_tokens",
      "temperature",
      "tools",
      "tool_choice",
      "response_format",
      "type",
    ];
    const more = [
      "json_schema",
      "stop",
      "n",
      "input",
      "query",
      "documents",
      "text",
      "__proto__",
      "constructor",
      "toString",
      "encoding_format",
      "function",
      "name",
    ];
    const leaf = fc.oneof(
      fc.constantFrom("@ganglion/echo", "user", "function", "json_schema", "auto", "", "\u0000", "\ud800"),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.string(),
    );
    const value = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...fields, ...more), tie("any"), { maxKeys: 6 }),
      ),
    })).any;
    const nearly = fc.record(
      {
        model: fc.constant("@ganglion/echo"),
        prompt: value,
        messages: fc.oneof(
          value,
          fc.array(
            fc.record(
              { role: fc.constantFrom("user", "assistant", "tool"), content: value, tool_calls: value },
              { requiredKeys: ["role"] },
            ),
          ),
        ),
        tools: value,
        tool_choice: value,
        stop: value,
        stream: value,
        n: value,
        max_tokens: value,
        response_format: value,
      },
      { requiredKeys: ["model"] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...posts), fc.oneof(nearly, value), async ({ path }, body) => {
        const response = await app.send(path, { method: "POST", body: JSON.stringify(body) });
        const text = await response.text();
        expect(response.status, `${path} ${text}`).toBeLessThan(500);
        if (response.headers.get("content-type") === "application/json") JSON.parse(text);
      }),
      { numRuns: process.env["GANGLION_SOAK"] ? 100_000 : 3_000 },
    );
  }, 3_600_000);

  it("answers any bytes with a status below 500", async () => {
    const posts = routesFor(app.accountId).filter(({ method }) => method === "POST");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...posts), fc.uint8Array({ maxLength: 200 }), async ({ path }, bytes) => {
        expect((await app.send(path, { method: "POST", body: bytes })).status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a path that nobody serves", () => {
  it.each([
    ["/v1/v1/chat/completions", "/v1/chat/completions"],
    ["/v1/chat/completion", "did you mean /v1/chat/completions?"],
    ["/client/v4/accounts/abc/ai/rum/@cf/x/y", "did you mean /client/v4/accounts/abc/ai/run/@cf/x/y?"],
    ["/nowhere/at/all", "POST /v1/chat/completions"],
    ["/v1/run", "ask for /run, with a base URL without /v1"],
    ["/chat/completions", "/v1/chat/completions"],
    ["/models", "/v1/models"],
    ["/client/v4/abc/ai/run/@cf/x/y", "/client/v4/accounts/abc/ai/run/@cf/x/y"],
    ["/client/v4/accounts/abc/ai/v1/v1/chat/completions", "/client/v4/accounts/abc/ai/v1/chat/completions"],
    ["/client/v4/accounts/abc/ai/chat/completions", "/ai/v1/chat/completions"],
    ["/accounts/abc/ai/run/x", "/client/v4/accounts/abc/ai/run/x"],
    ["/ai/run/x", "/client/v4/accounts/ACCOUNT_ID/ai/run/x"],
    ["/v1", "/v1/chat/completions"],
  ])("%s gets a 404 that says what to type: %s", async (path, hint) => {
    const response = await app.send(path, { json: {} });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(hint);
  });

  it("answers in the shape of the API it looks like", async () => {
    expect((await app.ask("/v1/nothing", {})).json).toMatchObject({ error: { code: "unknown_url" } });
    expect((await app.ask("/client/v4/accounts/x/nothing", {})).json).toMatchObject({
      result: null,
      success: false,
      errors: [{ code: 7000 }],
    });
    expect((await app.ask("/client/v4/accounts/x/ai/v1/nothing", {})).json).toMatchObject({ error: { code: "unknown_url" } });
  });

  it("says which method is served where another one is", async () => {
    const reply = await app.ask("/v1/chat/completions");
    expect(reply).toMatchObject({ status: 405, json: { error: { message: expect.stringContaining("POST") as string } } });
    expect(reply.headers.get("allow")).toBe("POST");
  });
});

it("answers /health to anybody, and says nothing else", async () => {
  const response = await app.send("/health", { headers: { authorization: undefined } });
  expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
});

it("lets a browser ask for any header that it names", async () => {
  const asked = "authorization,content-type,x-stainless-os";
  const response = await app.send("/v1/chat/completions", {
    method: "OPTIONS",
    headers: { origin: "https://example.org", "access-control-request-headers": asked },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get("access-control-allow-headers")).toBe(asked);
  const odd = await app.send("/v1/models", { method: "OPTIONS", headers: { "access-control-request-headers": "x;y" } });
  expect(odd.headers.get("access-control-allow-headers")).toBe("authorization, content-type");
});

it("decides by the routed path, whatever Host and forwarding headers say", async () => {
  for (const headers of [
    { host: "evil.example" },
    { "x-forwarded-host": "evil.example", "x-original-url": "/health" },
    { "x-http-method-override": "GET" },
  ]) {
    const response = await app.send("/v1/chat/completions", { json: {}, headers: { authorization: undefined, ...headers } });
    expect(response.status).toBe(401);
  }
});

it("refuses a body past the limit", async () => {
  expect(await app.ask("/v1/chat/completions", { model: "@ganglion/echo", prompt: "x".repeat(1_000_001) })).toMatchObject({ status: 413 });
});

it("logs one line per request, with no prompt, answer or token in it", async () => {
  app.logs.length = 0;
  await app.ask("/v1/chat/completions", { model: "@ganglion/echo", messages: [{ role: "user", content: "a secret prompt" }] });
  await (
    await app.send("/v1/chat/completions", {
      json: { model: "@ganglion/echo", stream: true, messages: [{ role: "user", content: "a secret prompt" }] },
    })
  ).text();
  await app.ask("/v1/chat/completions", { model: "@ganglion/echo", messages: "a secret prompt" });
  expect(app.logs.map(({ route, status, problem }) => ({ route, status, problem }))).toEqual([
    { route: "/v1/chat/completions", status: 200, problem: undefined },
    { route: "/v1/chat/completions", status: 200, problem: undefined },
    { route: "/v1/chat/completions", status: 400, problem: "bad-input" },
  ]);
  expect(JSON.stringify(app.logs)).not.toContain("secret");
  expect(JSON.stringify(app.logs)).not.toContain(app.secret);
});

it("says in a header, of streams too, that a stand-in answered", async () => {
  const standing = await openTestApp({ standIns: true });
  try {
    const model = "@cf/meta/llama-3-8b-instruct";
    const body = { model, messages: [{ role: "user", content: "hi" }] };
    for (const [path, json] of [
      ["/v1/chat/completions", body],
      ["/v1/chat/completions", { ...body, stream: true }],
      ["/v1/completions", { model, prompt: "hi", stream: true }],
      [`/client/v4/accounts/${standing.accountId}/ai/run/${model}`, { prompt: "hi" }],
      [`/client/v4/accounts/${standing.accountId}/ai/run/${model}`, { prompt: "hi", stream: true }],
    ] as const) {
      const response = await standing.send(path, { json });
      expect([response.status, response.headers.get("ganglion-served-by")], path).toEqual([200, "@ganglion/echo"]);
      await response.text();
    }
    const own = await standing.send("/v1/chat/completions", { json: { ...body, model: "@ganglion/echo", stream: true } });
    expect(own.headers.get("ganglion-served-by")).toBeNull();
    await own.text();
  } finally {
    await standing.close();
  }
});

describe("an engine that dies in the middle of a stream", () => {
  it("becomes the last event, in the words of each API, without what the engine said", async () => {
    const echo = createEchoEngine();
    const dying = await openTestApp({
      engine: {
        ...echo,
        async *run(call) {
          for await (const part of echo.run(call)) {
            yield part;
            if (part.type === "delta") throw Problem.from(new Error("assert failed at 0x7ffe"));
          }
        },
      },
    });
    try {
      const chat = await eventsOf(
        await dying.send("/v1/chat/completions", {
          json: { model: "@ganglion/echo", stream: true, messages: [{ role: "user", content: "one two" }] },
        }),
      );
      expect(chat.at(-1)).toMatchObject({ error: { type: "server_error", code: "engine_failed" } });
      const native = await eventsOf(
        await dying.send(`/client/v4/accounts/${dying.accountId}/ai/run/@ganglion/echo`, { json: { prompt: "one two", stream: true } }),
      );
      expect(native.at(-1)).toMatchObject({ response: "", errors: [{ code: 3043 }] });
      expect(JSON.stringify([chat, native])).not.toContain("0x7ffe");
      const { status, json, headers } = await dying.ask("/v1/chat/completions", {
        model: "@ganglion/echo",
        messages: [{ role: "user", content: "one two" }],
      });
      expect([status, JSON.stringify(json).includes("0x7ffe"), headers.get("x-should-retry")]).toEqual([503, false, null]);
    } finally {
      await dying.close();
    }
  });
});

it("frees the engine when the reader of a stream goes away", async () => {
  let running = 0;
  const echo = createEchoEngine({ pause: () => new Promise((resolve) => setTimeout(resolve, 1)) });
  const watched = await openTestApp({
    engine: {
      ...echo,
      async *run(call) {
        running++;
        try {
          yield* echo.run(call);
        } finally {
          running--;
        }
      },
    },
  });
  try {
    const response = await watched.send("/v1/chat/completions", {
      json: { model: "@ganglion/echo", stream: true, messages: [{ role: "user", content: "one two ".repeat(1000) }] },
    });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(running).toBe(1);
    await reader?.cancel();
    expect(running).toBe(0);
    const { reserved } = await watched.ledger.budget(watched.accountId, new Date().toISOString().slice(0, 10));
    expect(reserved).toBe(0);
  } finally {
    await watched.close();
  }
});

it("stops the other choices where one of them is refused, for nobody will see them", async () => {
  const echo = createEchoEngine();
  const begun = new Set<string>();
  const refusing = await openTestApp({
    engine: {
      ...echo,
      async *run(call) {
        if (call.id.endsWith("-1")) {
          await vi.waitFor(() => expect(begun.size).toBe(2));
          throw new Problem("bad-input", "not this one");
        }
        begun.add(call.id);
        try {
          for await (const part of echo.run(call)) {
            yield part;
            await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
          }
        } finally {
          begun.delete(call.id);
        }
      },
    },
  });
  try {
    const body = { model: "@ganglion/echo", n: 3, messages: [{ role: "user", content: "one two" }] };
    expect((await refusing.ask("/v1/chat/completions", body)).status).toBe(400);
    await vi.waitFor(() => expect(begun.size).toBe(0));
    await vi.waitFor(async () => {
      const { reserved } = await refusing.ledger.budget(refusing.accountId, new Date().toISOString().slice(0, 10));
      expect(reserved).toBe(0);
    });
  } finally {
    await refusing.close();
  }
});
