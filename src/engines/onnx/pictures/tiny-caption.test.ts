import { afterAll, describe, expect, it } from "vitest";
import { ask } from "../ask.case.ts";
import { createOnnxEngine } from "../onnx.ts";
import { drawings, tinyCaption } from "./pictures.case.ts";

const engine = createOnnxEngine({ threads: 1 });
afterAll(() => engine.close());
const tell = async (input: Parameters<typeof ask<"image-to-text">>[2]) => ask<"image-to-text">(engine, tinyCaption, input);

describe("tiny-caption", () => {
  it("tells drawings that it has never seen, nearly all of them word for word", async () => {
    const all = drawings("caption");
    const told = await Promise.all(all.map(async ({ image }) => (await tell({ image, max_tokens: 50 })).output.description));
    expect(told.filter((text, i) => text === all[i]?.caption).length).toBeGreaterThanOrEqual(all.length - 1);
  });

  it("counts what it read of the picture and each token that it wrote, the end included", async () => {
    const [drawing] = drawings("caption");
    if (!drawing) throw new Error("no drawing");
    const { output, usage } = await tell({ image: drawing.image, max_tokens: 50 });
    expect(usage).toEqual({ image: 1, "input-token": 64, "output-token": output.description.split(" ").length + 1 });
  });

  it("goes on from what it has kept as it would from the beginning", async () => {
    const [drawing] = drawings("caption");
    if (!drawing) throw new Error("no drawing");
    const whole = (await tell({ image: drawing.image, max_tokens: 50 })).output.description.split(" ");
    for (const count of [1, 3, 5]) {
      expect((await tell({ image: drawing.image, max_tokens: count })).output.description).toBe(whole.slice(0, count).join(" "));
    }
  });
});
