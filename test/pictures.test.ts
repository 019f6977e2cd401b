import { readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bombs, damagedPictures, foreignFiles } from "../src/media/no-pictures.case.ts";
import { startTestServer, type TestServer } from "./server.ts";

const heldOut = new URL("../models/tiny-shapes/held-out/", import.meta.url);
const picture = readFileSync(new URL("classify-00.webp", heldOut)); // a purple circle

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ environment: { GANGLION_STAND_INS: "1" } });
});
afterAll(() => server.stop());

interface Reply {
  readonly status: number;
  readonly servedBy: string | null;
  readonly json: {
    readonly success: boolean;
    readonly result: unknown;
    readonly errors: readonly { readonly code: number; readonly message: string }[];
  };
}

async function run(path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(`${server.url}/client/v4/accounts/${server.accountId}/ai/run${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, ...headers },
    body,
  });
  return { status: response.status, servedBy: response.headers.get("ganglion-served-by"), json: (await response.json()) as Reply["json"] };
}

describe("a picture is named alike", () => {
  const classify = "/@ganglion/tiny-classify";
  let named: Reply;
  beforeAll(async () => {
    named = await run(classify, picture, { "content-type": "application/octet-stream" });
  });

  it("sent as it is", () => {
    expect(named).toMatchObject({ status: 200, json: { success: true, errors: [] } });
    const result = named.json.result as { label: string; score: number }[];
    expect(result).toHaveLength(5);
    expect(result[0]?.label).toBe("purple circle");
    expect(result[0]?.score).toBeGreaterThan(0.9);
  });

  const bytes = Array.from(picture);
  it.each<[string, string, BodyInit, Record<string, string>]>([
    ["as it is, under its own type", classify, picture, { "content-type": "image/webp" }],
    ["as it is, under a wrong type", classify, picture, { "content-type": "application/x-www-form-urlencoded" }],
    ["as it is, under the type of JSON", classify, picture, { "content-type": "application/json" }],
    ["as a JSON array of its bytes", classify, JSON.stringify({ image: bytes }), { "content-type": "application/json" }],
    [
      "as JSON makes it of a Uint8Array",
      classify,
      JSON.stringify({ image: new Uint8Array(picture) }),
      { "content-type": "application/json" },
    ],
    ["as JSON under no type", classify, JSON.stringify({ image: bytes }), { "content-type": "text/plain" }],
    ["with the model in the body", "", JSON.stringify({ model: "@ganglion/tiny-classify", image: bytes }), {}],
    ["with the model above the input", "", JSON.stringify({ model: "@ganglion/tiny-classify", input: { image: bytes } }), {}],
    ["with the model's name in percent signs", "/%40ganglion%2Ftiny-classify", picture, {}],
  ])("sent %s", async (_, path, body, headers) => {
    expect(await run(path, body, headers)).toEqual(named);
  });
});

it("the things in a picture have boxes in its pixels", async () => {
  const { json } = await run("/@ganglion/tiny-detect", readFileSync(new URL("detect-03.webp", heldOut)));
  expect(json.result).toEqual([
    {
      label: "purple circle",
      score: expect.closeTo(1, 0),
      box: { xmin: expect.any(Number), ymin: expect.any(Number), xmax: expect.any(Number), ymax: expect.any(Number) },
    },
  ]);
  const [{ box }] = json.result as [{ box: { xmin: number; ymax: number } }];
  expect(Math.abs(box.xmin - 4)).toBeLessThan(4);
  expect(Math.abs(box.ymax - 50)).toBeLessThan(4);
});

it("a picture is described, sent as it is or as an array", async () => {
  const file = readFileSync(new URL("caption-01.webp", heldOut));
  const { json } = await run("/@ganglion/tiny-caption", file);
  expect(json.result).toEqual({ description: "a purple circle on a blue background" });
  expect((await run("/@ganglion/tiny-caption", JSON.stringify({ image: Array.from(file), prompt: "What is this?" }))).json).toEqual(json);
});

it("a picture for a model whose weights are not here is described by the stand-in", async () => {
  const { json, servedBy } = await run("/@cf/llava-hf/llava-1.5-7b-hf", readFileSync(new URL("caption-06.webp", heldOut)));
  expect(json.result).toEqual({ description: "a green triangle and an orange square on a white background" });
  expect(servedBy).toBe("@ganglion/tiny-caption");
});

describe("what is no picture is refused with code 5006 and named", () => {
  it.each<[string, BodyInit, string]>([
    ["SVG", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "'/image' is no picture that is read here; send png, jpeg, webp, gif, tiff, avif"],
    ["half a picture", picture.subarray(0, 100), "'/image' is damaged or cut off, and cannot be read"],
    [
      "bytes of nothing",
      JSON.stringify({ image: [0, 0, 0] }),
      "'/image' is no picture that is read here; send png, jpeg, webp, gif, tiff, avif",
    ],
    [
      "numbers that are no bytes",
      JSON.stringify({ image: [0, 256] }),
      "type mismatch of '/image': expected an array of bytes, each 0 to 255",
    ],
    ["nothing", JSON.stringify({}), "required property /image is missing"],
    ["words", JSON.stringify({ image: "a picture" }), "type mismatch of '/image': expected an array of bytes, each 0 to 255"],
  ])("%s", async (_, body, message) => {
    for (const model of ["tiny-classify", "tiny-detect", "tiny-caption"]) {
      const { status, json } = await run(`/@ganglion/${model}`, body);
      expect(status).toBe(400);
      expect(json.success).toBe(false);
      expect(json.errors).toEqual([{ code: 5006, message: expect.stringContaining(message) }]);
    }
  });
});

describe("a picture is drawn", () => {
  const prompt = "a purple circle on white";
  const send = (path: string, body: object) =>
    fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const draw = async (body: object, model = "@ganglion/tiny-draw") => {
    const response = await send(`/client/v4/accounts/${server.accountId}/ai/run/${model}`, body);
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  };

  it("as a PNG, the same for the same seed, at the price of its tiles and steps", async () => {
    const { response, bytes } = await draw({ prompt, seed: 7 });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "png", width: 128, height: 128 });
    expect(response.headers.get("cf-ai-neurons")).toBe((1 * (4.8 + 20 * 9.6)).toFixed(2));
    expect((await draw({ prompt, seed: 7 })).bytes).toEqual(bytes);
  });

  it("and is what was asked for", async () => {
    const { bytes } = await draw({ prompt, seed: 7, width: 256, height: 256 });
    const { json } = await run("/@ganglion/tiny-classify", bytes);
    expect((json.result as { label: string }[])[0]?.label).toMatch(/^purple/);
  });

  it("from another one, in bytes or in base64", async () => {
    const from = { prompt, seed: 3, strength: 0.4, num_steps: 10 };
    const [inBytes, inBase64] = [
      await draw({ ...from, image: Array.from(picture) }),
      await draw({ ...from, image_b64: picture.toString("base64") }),
    ];
    expect(inBytes.response.status).toBe(200);
    expect(inBytes.response.headers.get("cf-ai-neurons")).toBe((1 * (4.8 + 4 * 9.6)).toFixed(2));
    expect(inBase64.bytes).toEqual(inBytes.bytes);
  });

  it("in the part that a mask leaves open", async () => {
    const mask = await sharp({ create: { width: 64, height: 64, channels: 3, background: "white" } })
      .png()
      .toBuffer();
    const { response } = await draw({ prompt, image: Array.from(picture), mask: Array.from(mask), num_steps: 3 });
    expect(response.status).toBe(200);
  });

  it("through OpenAI's route, in the size that it asks for", async () => {
    const response = await send("/v1/images/generations", {
      model: "@ganglion/tiny-draw",
      prompt,
      size: "512x512",
      response_format: "b64_json",
      seed: 7,
    });
    const { data } = (await response.json()) as { data: { b64_json: string }[] };
    expect(await sharp(Buffer.from(data[0]?.b64_json ?? "", "base64")).metadata()).toMatchObject({
      format: "png",
      width: 512,
      height: 512,
    });
  });

  it("out of one that a form brings, of which an edit without a mask leaves something", async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ model: "@ganglion/tiny-draw", prompt, response_format: "b64_json" }))
      form.set(name, value);
    form.set("image", new Blob([picture]), "image.webp");
    const response = await fetch(`${server.url}/v1/images/edits`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}` },
      body: form,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("cf-ai-neurons")).toBe((1 * (4.8 + 15 * 9.6)).toFixed(2)); // three in four of 20 steps
  });

  it("only where its fields can be drawn", async () => {
    for (const [body, message] of [
      [{ prompt, width: 100 }, "'/width' must be >= 256"],
      [{ prompt, num_steps: 21 }, "'/num_steps' must be <= 20"],
      [{ prompt, image: [1, 2, 3] }, "'/image' is no picture that is read here"],
      [{ prompt, mask: Array.from(picture) }, "required property /image is missing"],
    ] as const) {
      const { response, bytes } = await draw(body);
      expect(response.status).toBe(400);
      expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
        errors: [{ code: 5006, message: expect.stringContaining(message) }],
      });
    }
  });
});

describe("what is no picture, or too much of one, is answered, and the server lives", () => {
  const all = [...foreignFiles, ...damagedPictures, ...bombs];

  it.each([
    ["tiny-classify", (bytes: Uint8Array) => ({ image: Array.from(bytes) })],
    ["tiny-detect", (bytes: Uint8Array) => ({ image: Array.from(bytes) })],
    ["tiny-caption", (bytes: Uint8Array) => ({ image: Array.from(bytes) })],
    ["tiny-draw", (bytes: Uint8Array) => ({ prompt: "x", image: Array.from(bytes) })],
    ["tiny-draw", (bytes: Uint8Array) => ({ prompt: "x", image: Array.from(picture), mask: Array.from(bytes) })],
    ["tiny-draw", (bytes: Uint8Array) => ({ prompt: "x", image_b64: Buffer.from(bytes).toString("base64") })],
  ] as const)("by %s", async (model, bodyOf) => {
    for (const [name, make] of all) {
      const body = bodyOf(await make());
      if ("image_b64" in body && body.image_b64 === "") continue; // as good as not sent
      const { status, json } = await run(`/@ganglion/${model}`, JSON.stringify(body), {
        "content-type": "application/json",
      });
      expect([name, status, json.errors[0]?.code]).toEqual([name, 400, 5006]);
      expect(json.errors[0]?.message).not.toMatch(/vips|libpng|jpeg error|heif/i);
    }
  });

  it("sent as they are, and as files of a form", async () => {
    for (const [name, make] of all) {
      const bytes = new Uint8Array(await make());
      if (bytes.length > 0) expect([name, (await run("/@ganglion/tiny-classify", bytes)).status]).toEqual([name, 400]);
      const form = new FormData();
      form.set("model", "@ganglion/tiny-draw");
      form.set("prompt", "x");
      form.set("image", new Blob([bytes]), "image.png");
      const edited = await fetch(`${server.url}/v1/images/edits`, {
        method: "POST",
        headers: { authorization: `Bearer ${server.token}` },
        body: form,
      });
      expect([name, edited.status]).toEqual([name, 400]);
      await edited.body?.cancel();
    }
  });

  afterAll(async () => {
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect((await run("/@ganglion/tiny-classify", picture)).json.result).toHaveLength(5);
    expect(server.stderr).not.toContain("died");
  });
});
