import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./server.ts";

const heldOut = new URL("../models/tiny-shapes/held-out/", import.meta.url);
const picture = readFileSync(new URL("classify-00.webp", heldOut)); // a purple circle

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

interface Reply {
  readonly status: number;
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
  return { status: response.status, json: (await response.json()) as Reply["json"] };
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
    for (const model of ["tiny-classify", "tiny-detect"]) {
      const { status, json } = await run(`/@ganglion/${model}`, body);
      expect(status).toBe(400);
      expect(json.success).toBe(false);
      expect(json.errors).toEqual([{ code: 5006, message: expect.stringContaining(message) }]);
    }
  });
});
