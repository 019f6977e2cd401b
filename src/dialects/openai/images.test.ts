import sharpModule from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf, openTestApp, type TestApp } from "../../../test/app.ts";
import type { ModelCard } from "../../core/index.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
});

const model = "@ganglion/echo-picture";
const chat = (content: unknown, more: object = {}) => ({ model, messages: [{ role: "user", content }], ...more });
const linkIn = (text: string) => /^!\[([^\]]*)\]\((http:\/\/127\.0\.0\.1:8686\/file\/[\w-]{43}\.png)\)$/.exec(text);
const fetchFile = (url: string, init: Parameters<TestApp["send"]>[1] = {}) =>
  app.send(new URL(url).pathname, { headers: { authorization: undefined }, ...init });

interface Completion {
  choices: { message: { content: string; images: { image_url: { url: string } }[] } }[];
}

describe("a picture model in a conversation", () => {
  it("answers with Markdown that points to the picture, with the address beside it", async () => {
    const { json, headers } = await app.ask("/v1/chat/completions", chat("a red [circle](x)"));
    const { message } = (json as Completion).choices[0] ?? expect.fail("no choice");
    const [, alt, url = ""] = linkIn(message.content) ?? expect.fail(message.content);
    expect(alt).toBe("a red circlex");
    expect(message.images).toEqual([{ type: "image_url", image_url: { url } }]);
    expect(json).toMatchObject({ object: "chat.completion", model, usage: { total_tokens: 0 } });
    expect(Number(headers.get("cf-ai-neurons"))).toBeGreaterThan(0);
    const file = await fetchFile(url);
    expect(file.headers.get("content-type")).toBe("image/png");
    expect(await sharpModule(Buffer.from(await file.arrayBuffer())).metadata()).toMatchObject({ format: "png", width: 256, height: 256 });
  });

  it("streams a role, the link and a finish, only when that is asked for", async () => {
    const events = (await eventsOf(
      await app.send("/v1/chat/completions", { json: chat("a cat", { stream: true, stream_options: { include_usage: true } }) }),
    )) as never[];
    expect(events).toMatchObject([
      { choices: [{ delta: { role: "assistant", content: "" }, finish_reason: null }] },
      { choices: [{ delta: { content: expect.stringMatching(/^!\[a cat\]\(http/) as string, images: [{}] } }] },
      { choices: [{ delta: {}, finish_reason: "stop" }] },
      { choices: [], usage: { total_tokens: 0 } },
      "[DONE]",
    ]);
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(65_536);
  });

  it("draws what the user said last, in text and parts, at the size that is asked", async () => {
    const body = {
      model,
      messages: [
        { role: "user", content: "a dog" },
        { role: "assistant", content: "![a dog](http://x/)" },
        { role: "user", content: [{ type: "text", text: "a cat" }] },
      ],
      size: "512x256",
      n: 2,
      seed: 1,
      temperature: 0.7,
      max_tokens: 10,
    };
    const { choices } = (await app.ask("/v1/chat/completions", body)).json as Completion;
    const urls = choices.map(({ message }) => linkIn(message.content)?.[2] ?? "");
    expect(new Set(urls).size).toBe(2);
    expect(await sharpModule(Buffer.from(await (await fetchFile(urls[0] ?? "")).arrayBuffer())).metadata()).toMatchObject({
      width: 512,
      height: 256,
    });
    expect(linkIn(choices[0]?.message.content ?? "")?.[1]).toBe("a cat");
  });

  it.each([
    ["no text", chat("  ")],
    ["only an assistant's text", { model, messages: [{ role: "assistant", content: "x" }] }],
    ["a size that is none", chat("x", { size: "huge" })],
    ["a size out of bounds", chat("x", { size: "9x9999" })],
    ["too many steps", chat("x", { num_inference_steps: 1000 })],
  ])("refuses %s", async (_name, body) => {
    expect(await app.ask("/v1/chat/completions", body)).toMatchObject({ status: 400, json: { error: { type: "invalid_request_error" } } });
  });

  it("points to the public address of the server where there is one", async () => {
    const behind = await openTestApp({ publicUrl: "https://ai.example.org/" });
    try {
      const { choices } = (await behind.ask("/v1/chat/completions", chat("x"))).json as Completion;
      expect(choices[0]?.message.images[0]?.image_url.url).toMatch(/^https:\/\/ai\.example\.org\/file\/[\w-]{43}\.png$/);
    } finally {
      await behind.close();
    }
  });
});

describe("a picture by opening an address", () => {
  const address = (key: string, more = "") => `/v1/chat/completions?debug=1&model=${model}&prompt=a%20cat&key=${key}${more}`;

  it("is off, whatever the token", async () => {
    for (const path of [address(app.secret), "/v1/chat/completions"]) expect((await app.ask(path)).status).toBe(405);
  });

  it("draws where it is turned on, with the token in the address, and is kept by nobody", async () => {
    const open = await openTestApp({ imageDebugGet: true });
    try {
      const response = await open.send(address(open.secret), { headers: { authorization: undefined } });
      expect(response.headers.get("cache-control")).toContain("no-");
      expect(await response.text()).toMatch(/!\[a cat\]\(http/);
      expect((await open.send(address("never"), { headers: { authorization: undefined } })).status).toBe(401);
      expect((await open.send(`/v1/chat/completions?key=${open.secret}`, { headers: { authorization: undefined } })).status).toBe(405);
      expect(JSON.stringify(open.logs)).not.toContain(open.secret);
    } finally {
      await open.close();
    }
  });
});

describe("/file", () => {
  let url: string;
  let etag: string;
  beforeAll(async () => {
    const { choices } = (await app.ask("/v1/chat/completions", chat("a file"))).json as Completion;
    url = choices[0]?.message.images[0]?.image_url.url ?? "";
    etag = (await fetchFile(url)).headers.get("etag") ?? "";
  });

  it("may be kept for ever, is no other type than it says, and can be shown on any page", async () => {
    const { headers, status } = await fetchFile(url);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "accept-ranges": "bytes",
      "content-type": "image/png",
    });
    expect(etag).toMatch(/^"[\w-]{43}"$/);
  });

  it("is not sent again to who has it, by tag first and by time else", async () => {
    const status = async (headers: Record<string, string>) =>
      (await fetchFile(url, { headers: { authorization: undefined, ...headers } })).status;
    expect(await status({ "if-none-match": etag })).toBe(304);
    expect(await status({ "if-none-match": `"x", W/${etag}` })).toBe(304);
    expect(await status({ "if-none-match": '"x"', "if-modified-since": new Date(Date.now() + 1e6).toUTCString() })).toBe(200);
    expect(await status({ "if-modified-since": new Date(Date.now() + 1e6).toUTCString() })).toBe(304);
    expect(await status({ "if-modified-since": new Date(0).toUTCString() })).toBe(200);
    expect(await status({ "if-modified-since": "yesterday" })).toBe(200);
  });

  it("answers HEAD and ranges", async () => {
    const whole = new Uint8Array(await (await fetchFile(url)).arrayBuffer());
    const head = await fetchFile(url, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, String(whole.length), ""]);
    const range = async (value: string) => {
      const response = await fetchFile(url, { headers: { authorization: undefined, range: value } });
      return [response.status, response.headers.get("content-range"), (await response.arrayBuffer()).byteLength];
    };
    expect(await range("bytes=0-3")).toEqual([206, `bytes 0-3/${whole.length}`, 4]);
    expect(await range("bytes=10-")).toEqual([206, `bytes 10-${whole.length - 1}/${whole.length}`, whole.length - 10]);
    expect(await range("bytes=-5")).toEqual([206, `bytes ${whole.length - 5}-${whole.length - 1}/${whole.length}`, 5]);
    expect(await range(`bytes=${whole.length}-`)).toEqual([416, `bytes */${whole.length}`, 0]);
    for (const odd of ["bytes=5-2", "bytes=0-1,3-4", "pages=1-2", "bytes=-"])
      expect(await range(odd), odd).toEqual([200, null, whole.length]);
  });

  it("that is not there is 404 whatever the request says of it, and is not to be kept", async () => {
    for (const path of [`/file/${"A".repeat(43)}.png`, "/file/x", "/file/..%2f..%2fetc%2fpasswd", "/file/key"]) {
      const response = await app.send(path, {
        headers: { authorization: undefined, "if-modified-since": new Date().toUTCString(), "if-none-match": "*" },
      });
      expect([response.status, response.headers.get("cache-control"), response.headers.get("access-control-allow-origin")], path).toEqual([
        404,
        "no-store",
        "*",
      ]);
    }
  });

  it("is read only", async () => {
    const response = await fetchFile(url, { method: "DELETE" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});

describe("/v1/images", () => {
  const form = (fields: Record<string, string | Blob | string[]>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value as string);
    return { method: "POST", body: data };
  };
  const picture = async () =>
    new Blob(
      [
        Buffer.from(
          await sharpModule({ create: { width: 8, height: 8, channels: 3, background: "red" } })
            .png()
            .toBuffer(),
        ),
      ],
      { type: "image/png" },
    );

  /** 4000 neurons a picture. */
  const dear: ModelCard = {
    name: "@test/dear",
    aliases: [],
    task: "text-to-image",
    wireForm: "png",
    description: "",
    contextTokens: undefined,
    price: [{ units: ["tile"], microneurons: 4_000_000_000, per: 1, from: "2020-01-01" }],
    weights: [],
    origin: "local",
    abilities: {},
    createdAt: 0,
  };

  it("begins none of several pictures where an account has not enough left for all", async () => {
    const poor = await openTestApp({ plan: "free", cards: [dear] });
    try {
      const three = await poor.ask("/v1/images/generations", { model: dear.name, prompt: "a fox", size: "512x512", n: 3 });
      expect(three).toMatchObject({
        status: 429,
        json: {
          error: { message: expect.stringMatching(/^these 3 calls may cost \d+\.00 neurons together, and 10000\.00 of today's/) as string },
        },
      });
      const today = new Date().toISOString().slice(0, 10);
      expect(await poor.ledger.budget(poor.accountId, today)).toEqual({ booked: 0, reserved: 0 });
      expect((await poor.ask("/v1/images/generations", { model: dear.name, prompt: "a fox", size: "512x512", n: 2 })).status).toBe(200);
    } finally {
      await poor.close();
    }
  });

  it("gives addresses, or base64 where that is asked for", async () => {
    const byAddress = await app.ask("/v1/images/generations", { model, prompt: "a cat" });
    expect(byAddress.json).toMatchObject({
      created: expect.any(Number) as number,
      data: [{ url: expect.stringMatching(/\/file\//) as string }],
    });
    const { data } = (
      await app.ask("/v1/images/generations", { model, prompt: "a cat", n: 2, size: "256x512", response_format: "b64_json" })
    ).json as { data: { b64_json: string }[] };
    expect(data).toHaveLength(2);
    expect(await sharpModule(Buffer.from(data[0]?.b64_json ?? "", "base64")).metadata()).toMatchObject({ width: 256, height: 512 });
  });

  it("takes OpenAI's own names for the server's picture model", async () => {
    for (const name of ["dall-e-3", "gpt-image-1", undefined])
      expect((await app.ask("/v1/images/generations", { model: name, prompt: "a cat" })).status).toBe(200);
  });

  it("edits and varies what a form brings, under both names of the file", async () => {
    for (const name of ["image", "image[]"]) {
      const response = await app.send(
        "/v1/images/edits",
        form({ model, prompt: "a hat", [name]: await picture(), mask: await picture(), n: "2", response_format: "b64_json" }),
      );
      expect(await response.json()).toMatchObject({ data: [{ b64_json: expect.any(String) as string }, {}] });
    }
    expect(await (await app.send("/v1/images/variations", form({ model, image: await picture() }))).json()).toMatchObject({
      data: [{ url: expect.any(String) as string }],
    });
  });

  it("streams the picture as an event of its own name", async () => {
    const text = await (await app.send("/v1/images/generations", { json: { model, prompt: "x", stream: true } })).text();
    expect(text).toMatch(/^event: image_generation\.completed\ndata: \{"type":"image_generation\.completed","b64_json":"[^"]+"/);
  });

  it.each([
    ["no prompt", "/v1/images/generations", { json: { model } }],
    ["a model of another task", "/v1/images/generations", { json: { model: "@ganglion/echo", prompt: "x" } }],
    ["too many", "/v1/images/generations", { json: { model, prompt: "x", n: 50 } }],
    ["JSON where a form is wanted", "/v1/images/edits", { json: { model, prompt: "x" } }],
    ["a form without a picture", "/v1/images/edits", form({ model, prompt: "x" })],
    ["a text where a file should be", "/v1/images/edits", form({ model, prompt: "x", image: "x.png" })],
    ["an empty file", "/v1/images/variations", form({ model, image: new Blob([]) })],
    [
      "a form with a broken boundary",
      "/v1/images/edits",
      { method: "POST", body: "--x\r\nnonsense", headers: { "content-type": "multipart/form-data; boundary=y" } },
    ],
  ])("refuses %s", async (_name, path, init) => {
    const response = await app.send(path, init as never);
    expect([response.status, await response.json()]).toMatchObject([400, { error: { message: expect.any(String) as string } }]);
  });
});
