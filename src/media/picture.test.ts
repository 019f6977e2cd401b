import { deflateSync, gzipSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import type { Problem } from "../core/index.ts";
import { openPicture, pngOf } from "./picture.ts";
import type { Pixels } from "./pixels.ts";

const media = (bytes: Uint8Array) => ({ bytes: new Uint8Array(bytes), mediaType: "application/octet-stream" });
const open = (bytes: Uint8Array) => openPicture(media(bytes), "/image");
const pixelsOf = async (bytes: Uint8Array) => (await open(bytes)).pixels();
const at = ({ width, data }: Pixels, x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

/** Red above, blue below, 40 wide and 20 high. */
const flag = () => {
  const data = new Uint8Array(40 * 20 * 3);
  for (let i = 0; i < 800; i++) data.set(i < 400 ? [250, 10, 10] : [10, 10, 250], i * 3);
  return sharp(data, { raw: { width: 40, height: 20, channels: 3 } });
};

function expectFlag(pixels: Pixels): void {
  expect([pixels.width, pixels.height, pixels.data.length]).toEqual([40, 20, 2400]);
  at(pixels, 5, 3).forEach((value, i) => expect(Math.abs(value - ([250, 10, 10][i] ?? 0))).toBeLessThan(16));
  at(pixels, 35, 17).forEach((value, i) => expect(Math.abs(value - ([10, 10, 250][i] ?? 0))).toBeLessThan(16));
}

describe("a picture", () => {
  it.each([
    ["PNG", () => flag().png()],
    ["PNG with a palette", () => flag().png({ palette: true })],
    ["PNG of 16 bits", () => flag().toColourspace("rgb16").png()],
    ["PNG with transparency", () => flag().ensureAlpha(1).png()],
    ["JPEG", () => flag().jpeg({ quality: 95 })],
    ["progressive JPEG", () => flag().jpeg({ quality: 95, progressive: true })],
    ["WebP", () => flag().webp({ lossless: true })],
    ["GIF", () => flag().gif()],
    ["TIFF", () => flag().tiff()],
    ["AVIF", () => flag().avif({ quality: 90 })],
  ])("is read from a %s", async (_, made) => expectFlag(await pixelsOf(await made().toBuffer())));

  it("is read in three channels where it has one", async () => {
    for (const made of [flag().greyscale().png(), flag().greyscale().toColourspace("b-w").jpeg(), flag().greyscale().tiff()]) {
      const pixels = await pixelsOf(await made.toBuffer());
      expect(pixels.data).toHaveLength(2400);
      const [red, green, blue] = at(pixels, 5, 3);
      expect([green, blue]).toEqual([red, red]);
    }
  });

  it("is read in sRGB where it was made for print", async () => {
    const pixels = await pixelsOf(await flag().toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer());
    expect(pixels.data).toHaveLength(2400);
    const [red = 0, , blue = 0] = at(pixels, 5, 3);
    expect(red).toBeGreaterThan(blue + 100);
  });

  it("lies on white where it is transparent", async () => {
    const glass = sharp({ create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
    expect(at(await pixelsOf(await glass.png().toBuffer()), 1, 1)).toEqual([255, 255, 255]);
  });

  it("is upright, however the camera was held", async () => {
    const turned = await flag().jpeg({ quality: 95 }).withExif({}).withMetadata({ orientation: 6 }).toBuffer();
    const picture = await open(turned);
    expect([picture.width, picture.height]).toEqual([20, 40]);
    const pixels = await picture.pixels();
    expect([pixels.width, pixels.height]).toEqual([20, 40]);
    expect(at(pixels, 17, 5)[0]).toBeGreaterThan(200); // the upper half lies on the right
    expect(at(pixels, 2, 5)[2]).toBeGreaterThan(200);
  });

  it("is the first one of an animation", async () => {
    const frames = new Uint8Array(8 * 16 * 3).fill(200, 0, 8 * 8 * 3);
    const film = await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .gif()
      .toBuffer();
    const pixels = await pixelsOf(film);
    expect([pixels.width, pixels.height, at(pixels, 4, 4)]).toEqual([8, 8, [200, 200, 200]]);
  });

  it("comes smaller where little of it is wanted, and at least twice as large as that", async () => {
    const large = await flag().resize(2000, 1000).jpeg().toBuffer();
    const pixels = await (await open(large)).pixels({ width: 20, height: 20 });
    expect([pixels.width, pixels.height]).toEqual([80, 40]);
    const whole = await (await open(large)).pixels({ width: 600, height: 600 });
    expect([whole.width, whole.height]).toEqual([2000, 1000]);
  });

  it("is written as a PNG, with the same bytes each time", async () => {
    const pixels = await pixelsOf(await flag().png().toBuffer());
    const { bytes, mediaType } = await pngOf(pixels);
    expect(mediaType).toBe("image/png");
    expect((await pixelsOf(bytes)).data).toEqual(pixels.data);
    expect((await pngOf(pixels)).bytes).toEqual(bytes);
  });
});

const text = (words: string) => new TextEncoder().encode(words);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>`;
const cut = async (made: Sharp) => {
  const bytes = await made.toBuffer();
  return bytes.subarray(0, Math.floor(bytes.length * 0.6));
};

/** A PNG of black pixels in one bit each, deflated to almost nothing. */
function blackPng(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1;
  const row = Math.ceil(width / 8) + 1;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.alloc(Math.min(row * height, 2_000_000)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(~crc >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

async function problemOf(bytes: Uint8Array): Promise<Problem> {
  const problem = await pixelsOf(bytes).then(
    () => Promise.reject(new Error("it was read")),
    (thrown: Problem) => thrown,
  );
  expect(problem).toMatchObject({ code: "bad-input", details: { field: "/image" } });
  return problem;
}

describe("what is no good", () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ["nothing", () => new Uint8Array()],
    ["words", () => text("this is no picture")],
    ["SVG", () => text(svg)],
    ["SVG behind a byte order mark", () => text(`\ufeff<?xml version="1.0"?>${svg}`)],
    ["SVG in gzip", () => gzipSync(svg)],
    ["HTML", () => text("<!doctype html><img src=x>")],
    ["PDF", () => text("%PDF-1.7\n")],
    ["Windows bitmap", () => Buffer.concat([text("BM"), Buffer.alloc(100)])],
    ["HEIC", () => Buffer.concat([Buffer.alloc(4), text("ftypheic"), Buffer.alloc(100)])],
    ["libvips' own format", () => Buffer.concat([Buffer.from("08f2a6b6", "hex"), Buffer.alloc(100)])],
  ])("is refused by its content, and those that are read are named: %s", async (_, made) => {
    const problem = await problemOf(await made());
    expect(problem.message).toBe("'/image' is no picture that is read here; send png, jpeg, webp, gif, tiff, avif");
  });

  it.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ["a PNG that ends after its name", () => Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
    ["a PNG of noise", () => Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(5000, 0x5a)])],
    ["an SVG that begins as a PNG", () => Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), text(svg)])],
    ["an SVG that begins as a JPEG", () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), text(svg)])],
    ["half a PNG", () => cut(flag().resize(400, 200).png({ compressionLevel: 0 }))],
    ["half a JPEG", () => cut(flag().resize(400, 200).jpeg())],
    ["half a WebP", () => cut(flag().resize(400, 200).webp())],
    ["half a GIF", () => cut(flag().resize(400, 200).gif())],
    ["half a TIFF", () => cut(flag().resize(400, 200).tiff())],
    ["half an AVIF", () => cut(flag().resize(400, 200).avif())],
    ["a GIF without pictures", () => Buffer.concat([text("GIF89a"), Buffer.alloc(20)])],
    ["a TIFF whose directory is elsewhere", () => Buffer.from("49492a00ffffff7f00000000", "hex")],
    [
      "a WebP of a length that is not there",
      () => Buffer.concat([text("RIFF"), Buffer.alloc(4, 0xff), text("WEBPVP8L"), Buffer.alloc(20)]),
    ],
    ["an AVIF without boxes", () => Buffer.concat([Buffer.from([0, 0, 0, 24]), text("ftypavif"), Buffer.alloc(12)])],
  ])("is refused as damaged, without the library's words: %s", async (_, made) => {
    const problem = await problemOf(await made());
    expect(problem.message).toBe("'/image' is damaged or cut off, and cannot be read");
    expect(problem.cause).toBeDefined();
  });

  it("is refused by its size before it is unfolded", async () => {
    const bomb = blackPng(30_000, 30_000);
    expect(bomb.length).toBeLessThan(1_000_000);
    const problem = await problemOf(bomb);
    expect(problem.message).toBe("'/image' has 30000 x 30000 pixels; at most 64 million are read");
  });

  it("is refused where its head says more than its body can hold", async () => {
    const { message } = await problemOf(blackPng(2_000_000_000, 1));
    expect(message).toMatch(/^'\/image' (?:has 2000000000 x 1 pixels; at most 64 million are read|is damaged)/);
  });
});
