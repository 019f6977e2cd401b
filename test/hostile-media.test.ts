import { readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { blackPng, bombs, damagedPictures, foreignFiles, type NoPicture } from "../src/media/no-pictures.case.ts";
import { noSounds, oddSounds } from "../src/media/no-sounds.case.ts";
import { startTestServer, type TestServer } from "./server.ts";

const picture = readFileSync(new URL("../models/tiny-shapes/held-out/classify-00.webp", import.meta.url)); // a purple circle
const recording = readFileSync(new URL("../src/media/samples/speech.wav", import.meta.url)); // seven green birds

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const text = (words: string) => Buffer.from(words, "latin1");
const hex = (digits: string) => Buffer.from(digits, "hex");

const noPictures: readonly NoPicture[] = [
  ...foreignFiles,
  ...damagedPictures,
  ...bombs,
  ["a PNG of 60,000 x 60,000", () => blackPng(60_000, 60_000)],
  ["a PNG of no width", () => blackPng(0, 100)],
  ["a TIFF of 4,000 million x 4,000 million", () => tiffOf(0xffffffff, 0xffffffff)],
  ["a TIFF whose directory is itself", () => hex("49492a0008000000ffff")],
  ["a GIF that is a program", () => text("GIF89a/*" + "\0".repeat(20) + "*/=1;alert(1);")],
  ["a GIF that is a page", () => text("GIF87a<html><script src=//x></script>")],
  ["a JPEG that is a PDF", () => Buffer.concat([hex("ffd8ffe0"), text("%PDF-1.7 1 0 obj<</Type/Catalog>>endobj")])],
  ["a JPEG of 65,535 x 65,535", () => Buffer.concat([hex("ffd8ffc0001108ffffffff03012200021101031101ffda"), Buffer.alloc(100)])],
  ["a WebP that is a wav", () => Buffer.concat([text("RIFF\xff\0\0\0WAVEfmt "), Buffer.alloc(200)])],
  ["a recording", () => recording],
  ["a zip", () => text("PK\u0003\u0004" + "\0".repeat(100))],
];

/** One strip of grey, in the size that is said. */
function tiffOf(width: number, height: number): Buffer {
  const entry = (tag: number, type: number, value: number) => {
    const made = Buffer.alloc(12);
    made.writeUInt16LE(tag, 0);
    made.writeUInt16LE(type, 2);
    made.writeUInt32LE(1, 4);
    made.writeUInt32LE(value, 8);
    return made;
  };
  const fields = [entry(256, 4, width), entry(257, 4, height), entry(258, 3, 8), entry(259, 3, 1), entry(262, 3, 1), entry(273, 4, 8)];
  const more = [entry(278, 4, height), entry(279, 4, 100)];
  const all = [...fields, ...more];
  const count = Buffer.alloc(2);
  count.writeUInt16LE(all.length);
  return Buffer.concat([hex("49492a0008000000"), count, ...all, Buffer.alloc(4)]);
}

/** A way in: its path and its body with the file in it. */
type Way = readonly [path: string, body: BodyInit, type?: string];

const json = (path: string, body: object): Way => [path, JSON.stringify(body), "application/json"];
const run = (model: string) => `/client/v4/accounts/${server.accountId}/ai/run/@ganglion/${model}`;
const dataUrl = (file: Uint8Array, type: string) => `data:${type};base64,${Buffer.from(file).toString("base64")}`;

function form(path: string, fields: Readonly<Record<string, string | Uint8Array>>): Way {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") made.set(name, value);
    else made.set(name, new Blob([new Uint8Array(value)]), "file");
  }
  return [path, made];
}

function chat(path: string, model: string, file: Uint8Array): Way {
  const url = dataUrl(file, "image/png");
  const content = [
    { type: "text", text: "x" },
    { type: "image_url", image_url: { url } },
  ];
  return json(path, { model: `@ganglion/${model}`, messages: [{ role: "user", content }] });
}

const picturesWays: Readonly<Record<string, (file: Uint8Array) => Way>> = {
  "ai/run, as it is": (file) => [run("tiny-classify"), new Uint8Array(file), "image/png"],
  "ai/run, as an array": (file) => json(run("tiny-detect"), { image: Array.from(file) }),
  "ai/run, as an object of its bytes": (file) => json(run("tiny-caption"), { image: new Uint8Array(file) }),
  "ai/run, in base64": (file) => json(run("tiny-draw"), { prompt: "x", image_b64: Buffer.from(file).toString("base64") }),
  "ai/run, as a mask": (file) => json(run("tiny-draw"), { prompt: "x", image: Array.from(picture), mask: Array.from(file) }),
  "ai/run, as a form": (file) => form(run("tiny-classify"), { image: file }),
  "ai/run, in a message": (file) => chat(run("tiny-chat"), "tiny-chat", file),
  "env.AI.run": (file) => json("/run", { inputs: { image: Array.from(file) }, options: {} }),
  "/v1/images/edits": (file) => form("/v1/images/edits", { model: "@ganglion/tiny-draw", prompt: "x", image: file }),
  "/v1/images/edits, as a mask": (file) =>
    form("/v1/images/edits", { model: "@ganglion/tiny-draw", prompt: "x", image: picture, mask: file }),
  "/v1/images/variations": (file) => form("/v1/images/variations", { model: "@ganglion/tiny-draw", image: file }),
  "a chat with a model of texts": (file) => chat("/v1/chat/completions", "tiny-chat", file),
  "a chat with a model that draws": (file) => chat("/v1/chat/completions", "tiny-draw", file),
};

const soundWays: Readonly<Record<string, (file: Uint8Array) => Way>> = {
  "ai/run, as it is": (file) => [run("tiny-listen"), new Uint8Array(file), "audio/wav"],
  "ai/run, as an array": (file) => json(run("tiny-listen"), { audio: Array.from(file) }),
  "ai/run, in base64": (file) => json(run("tiny-listen"), { audio: Buffer.from(file).toString("base64") }),
  "ai/run, with its type": (file) => json(run("tiny-listen"), { audio: { body: Array.from(file), contentType: "audio/mpeg" } }),
  "env.AI.run": (file) => json("/run", { inputs: { audio: Buffer.from(file).toString("base64") }, options: {} }),
  "/v1/audio/transcriptions": (file) => form("/v1/audio/transcriptions", { model: "@ganglion/tiny-listen", file }),
  "/v1/audio/translations": (file) => form("/v1/audio/translations", { model: "@ganglion/tiny-listen", file }),
};

async function send([path, body, type]: Way, model: string): Promise<Response> {
  return fetch(server.url + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${server.token}`,
      ...(type !== undefined && { "content-type": type }),
      ...(path === "/run" && { "cf-consn-model-id": `@ganglion/${model}` }),
    },
    body,
  });
}

/** What is wrong with an answer to a file that is no good; undefined: nothing. */
async function faultOf(response: Response, path: string): Promise<string | undefined> {
  const said = await response.text();
  if (response.status < 400 || response.status > 499) return `${response.status} ${said.slice(0, 200)}`;
  if (!shapeOf(path).safeParse(JSON.parse(said)).success) return `another shape: ${said.slice(0, 200)}`;
  return /vips|libpng|mediabunny|mpg123|wasm|ffmpeg (error|version)|\/tmp\/|at .*\.js:/i.test(said)
    ? `words of a library: ${said.slice(0, 200)}`
    : undefined;
}

/** How each family of routes says what is wrong. */
function shapeOf(path: string): z.ZodType {
  const words = z.string().min(5);
  if (path.startsWith("/v1/")) return z.object({ error: z.object({ message: words, type: z.literal("invalid_request_error") }) });
  if (path === "/run") return z.object({ internalCode: z.int(), description: words });
  return z.object({ success: z.literal(false), result: z.object({}), errors: z.tuple([z.object({ code: z.int(), message: words })]) });
}

describe("what is no picture, or too much of one, gets its answer in a moment, and the next one is as good as ever", () => {
  it.each(Object.entries(picturesWays))(
    "%s",
    async (_, wayOf) => {
      for (const [name, make] of noPictures) {
        const file = await make();
        const way = wayOf(file);
        if (file.length === 0 && way[0].includes("tiny-draw")) continue; // as good as not sent
        expect([name, await faultOf(await send(way, "tiny-classify"), way[0])]).toEqual([name, undefined]);
      }
      const good = await send(picturesWays["ai/run, as it is"]?.(picture) ?? ["", ""], "");
      expect(await good.json()).toMatchObject({ result: [{ label: "purple circle" }, {}, {}, {}, {}] });
    },
    120_000,
  );

  it("though it be a good one with something behind it, which is read", async () => {
    const gif = await sharp(picture).gif().toBuffer();
    for (const file of [
      Buffer.concat([picture, text("PK\u0003\u0004<script>")]),
      Buffer.concat([gif, text("<script>alert(1)</script>")]),
    ]) {
      expect((await send([run("tiny-classify"), new Uint8Array(file)], "")).status).toBe(200);
    }
  });
});

describe("what is no recording, or too much of one, gets its answer in a moment, and the next one is as good as ever", () => {
  it.each(Object.entries(soundWays))(
    "%s",
    async (_, wayOf) => {
      for (const [name, make] of noSounds) {
        const way = wayOf(make());
        expect([name, await faultOf(await send(way, "tiny-listen"), way[0])]).toEqual([name, undefined]);
      }
      for (const [name, make] of oddSounds) {
        const way = wayOf(make());
        const response = await send(way, "tiny-listen");
        if (response.ok) await response.body?.cancel();
        else expect([name, await faultOf(response, way[0])]).toEqual([name, undefined]);
      }
      const good = await send(soundWays["/v1/audio/transcriptions"]?.(recording) ?? ["", ""], "");
      expect(await good.json()).toMatchObject({ text: "seven green birds" });
    },
    120_000,
  );
});

/** Each of some files under one name, as ai/tomarkdown answers for it. */
async function converted(files: readonly (readonly [name: string, bytes: Uint8Array])[], extension: string) {
  const made = new FormData();
  for (const [, bytes] of files) made.append("files", new Blob([new Uint8Array(bytes)]), `file.${extension}`);
  const response = await send([`/client/v4/accounts/${server.accountId}/ai/tomarkdown`, made], "");
  const { result } = (await response.json()) as { result: { format: string; data?: string; error?: string }[] };
  return { status: response.status, result };
}

describe("what is no picture has its answer in its place in ai/tomarkdown, and the next one is converted", () => {
  // Each file is read in a process of its own, which takes longer than all the rest: some files of every kind will do. An
  // SVG is a picture there.
  const drawn = (name: string) => name.startsWith("SVG");
  const others = [...noPictures, ...noSounds].filter(([name]) => !drawn(name));
  const some = others.filter(([name], i) => /60,000|4,000 million|program|PDF|zip|silent|deep/.test(name) || i % 16 === 2);

  it.each([
    ["png", /^error$/],
    ["pdf", /^error$/],
    ["docx", /^error$/],
    ["xlsx", /^(error|markdown)$/], // a text is a sheet of one column
  ])(
    "named .%s",
    async (extension, expected) => {
      const files = await Promise.all(some.map(async ([name, make]) => [name, new Uint8Array(await make())] as const));
      const { status, result } = await converted(files, extension);
      expect([status, result.length]).toEqual([200, files.length]);
      for (const [i, { format }] of result.entries())
        expect([files[i]?.[0], format]).toEqual([files[i]?.[0], expect.stringMatching(expected)]);
      expect(JSON.stringify(result)).not.toMatch(/vips|libpng|wasm|zip\.js|\/tmp\/|at .*\.js:/i);
      expect((await converted([["good", picture]], "webp")).result).toMatchObject([{ format: "markdown" }]);
    },
    120_000,
  );
});

it("none of it ended a process or the server", async () => {
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(server.stderr).not.toMatch(/died|did not answer|nobody caught/);
  expect(server.stderr).not.toMatch(/ 5\d\d \d+ ms/);
});
