import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Problem } from "../core/index.ts";
import { blackPng, bombs, damagedPictures, flag, foreignFiles } from "./no-pictures.case.ts";
import { openPicture, pngOf } from "./picture.ts";
import type { Pixels } from "./pixels.ts";

const media = (bytes: Uint8Array) => ({ bytes: new Uint8Array(bytes), mediaType: "application/octet-stream" });
const open = (bytes: Uint8Array) => openPicture(media(bytes), "/image");
const pixelsOf = async (bytes: Uint8Array) => (await open(bytes)).pixels();
const at = ({ width, data }: Pixels, x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

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

async function problemOf(bytes: Uint8Array): Promise<Problem> {
  const problem = await pixelsOf(bytes).then(
    () => Promise.reject(new Error("it was read")),
    (thrown: Problem) => thrown,
  );
  expect(problem).toMatchObject({ code: "bad-input", details: { field: "/image" } });
  return problem;
}

describe("what is no good", () => {
  it.each(foreignFiles)("is refused by its content, and those that are read are named: %s", async (_, make) => {
    const problem = await problemOf(await make());
    expect(problem.message).toBe("'/image' is no picture that is read here; send png, jpeg, webp, gif, tiff, avif");
  });

  it.each(damagedPictures)("is refused as damaged, without the library's words: %s", async (_, make) => {
    const problem = await problemOf(await make());
    expect(problem.message).toBe("'/image' is damaged or cut off, and cannot be read");
    expect(problem.cause).toBeDefined();
  });

  it.each(bombs)("is refused before it is unfolded: %s", async (_, make) => {
    const bytes = await make();
    expect(bytes.length).toBeLessThan(1_000_000);
    expect((await problemOf(bytes)).message).toMatch(/^'\/image' (?:has \d+ x \d+ pixels; at most (?:64|16) million are read|is damaged)/);
  });

  it("is told how large it is", async () => {
    expect((await problemOf(blackPng(30_000, 30_000))).message).toBe("'/image' has 30000 x 30000 pixels; at most 64 million are read");
  });
});
