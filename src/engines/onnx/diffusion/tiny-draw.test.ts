import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { ask } from "../ask.case.ts";
import { createOnnxEngine } from "../onnx.ts";
import { halves, pixelsOf, at, tinyDraw } from "./diffusion.case.ts";
import { plain } from "../pictures/pictures.case.ts";

const engine = createOnnxEngine({ threads: 1 });
afterAll(() => engine.close());
const draw = (input: Parameters<typeof ask<"text-to-image">>[2]) => ask<"text-to-image">(engine, tinyDraw, input);

describe("tiny-draw", () => {
  it("repeats a seed byte for byte, in the sizes that clients ask for", async () => {
    const input = { prompt: "a red circle on blue", seed: 7 };
    const [first, again, large] = [await draw(input), await draw(input), await draw({ ...input, width: 1024, height: 512 })];
    expect(again.output).toEqual(first.output);
    expect(await sharp(first.output.image.bytes).metadata()).toMatchObject({ width: 128, height: 128 });
    expect(await sharp(large.output.image.bytes).metadata()).toMatchObject({ width: 1024, height: 512 });
    expect(large.usage).toEqual({ tile: 2, step: 20, "step-1024": 20, "first-megapixel": 1, "subsequent-megapixel": 0 });
  });

  it("repaints the part of a picture that is white in the mask", async () => {
    const image = await plain(128, 128, [45, 75, 215]);
    const { output } = await draw({
      prompt: "a red circle on blue",
      image,
      mask: await halves(128, 128, "black", "white"),
      seed: 1,
    });
    const pixels = await pixelsOf(output.image);
    at(pixels, 20, 64).forEach((colour, i) => expect(Math.abs(colour - ([45, 75, 215][i] ?? 0))).toBeLessThan(12));
  });
});
