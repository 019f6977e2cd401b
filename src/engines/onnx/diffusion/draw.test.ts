import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import type { Input, ModelCard, Part } from "../../../core/index.ts";
import type { Pixels } from "../../../media/index.ts";
import { ask, problemOf } from "../ask.case.ts";
import { callOf } from "../../conformance.ts";
import { graphOf } from "../graph.case.ts";
import { modelFolders } from "../models.case.ts";
import { createOnnxEngine } from "../onnx.ts";
import { mediaOf } from "../pictures/pictures.case.ts";
import { at, halves, pixelsOf, sketch, sketchTokenizer } from "./diffusion.case.ts";
import { createNoise } from "./noise.ts";

const engine = createOnnxEngine({ threads: 1 });
const folders = modelFolders();
afterAll(async () => {
  await engine.close();
  folders.remove();
});

type Asked = Input<"text-to-image">;
const draw = async (card: ModelCard, input: Asked) => ask<"text-to-image">(engine, card, input);
const drawn = async (card: ModelCard, input: Asked) => pixelsOf((await draw(card, input)).output.image);

/** What DDIM makes of pure noise in 5 steps when the network always sees the same noise in it; worked out step by step. */
function expectedColour(noise: number, predicted: number): number {
  const share = (moment: number) => {
    let product = 1;
    for (let i = 0; i <= moment; i++) product *= 1 - (Math.sqrt(0.00085) + ((Math.sqrt(0.012) - Math.sqrt(0.00085)) * i) / 999) ** 2;
    return product;
  };
  let x = noise;
  for (const [now, then] of [
    [801, 601],
    [601, 401],
    [401, 201],
    [201, 1],
    [1, undefined],
  ] as const) {
    const [a, b] = [share(now), then === undefined ? 1 : share(then)];
    x = (Math.sqrt(b) * (x - Math.sqrt(1 - a) * predicted)) / Math.sqrt(a) + Math.sqrt(1 - b) * predicted;
  }
  return Math.min(255, Math.max(0, (x / 8 + 1) * 127.5));
}

// The ids of the words, of the marks at both ends and of the padding, as the tokenizer's vocabulary has them.
const [a, red, circle, blue, start, end] = [320, 600, 563, 560, 615, 616];
const stateOf = (...words: number[]) =>
  [start, ...words, ...Array.from({ length: 76 - words.length }, () => end)].reduce((sum, id) => sum + (id - 616) / 20, 0) / 77;

describe("a drawing from words", () => {
  const input = { prompt: "a red circle", seed: 9, num_steps: 5 };
  const noise = createNoise(9)(4 * 64);
  const expectDrawing = async (pixels: Pixels, predicted: number) => {
    expect([pixels.width, pixels.height]).toEqual([64, 64]);
    for (const [x, y] of [
      [0, 0],
      [7, 7],
      [8, 0],
      [33, 50],
      [63, 63],
    ] as const) {
      const latent = Math.floor(y / 8) * 8 + Math.floor(x / 8);
      at(pixels, x, y).forEach((colour, channel) => {
        expect(Math.abs(colour - expectedColour(noise[channel * 64 + latent] ?? 0, predicted))).toBeLessThanOrEqual(1);
      });
    }
  };

  it("goes where the prompt is, and as much further as guidance says", async () => {
    const [said, unsaid] = [stateOf(a, red, circle), stateOf()];
    await expectDrawing(await drawn(sketch(folders), { ...input, guidance: 1 }), said);
    await expectDrawing(await drawn(sketch(folders), { ...input, guidance: 3 }), unsaid + 3 * (said - unsaid));
    await expectDrawing(await drawn(sketch(folders), input), unsaid + 7.5 * (said - unsaid));
  });

  it("goes away from the negative prompt", async () => {
    const [said, unsaid] = [stateOf(a, red, circle), stateOf(blue, circle)];
    await expectDrawing(
      await drawn(sketch(folders), { ...input, negative_prompt: "blue circle", guidance: 4 }),
      unsaid + 4 * (said - unsaid),
    );
  });

  it("is the same from a network that takes one prompt at a time", async () => {
    const one = sketch(folders, { sample: [1, 4, "h", "w"] });
    expect((await draw(one, { ...input, guidance: 3 })).output).toEqual((await draw(sketch(folders), { ...input, guidance: 3 })).output);
  });

  it("reads 75 tokens of a prompt and no more", async () => {
    const prompt = "red ".repeat(75);
    expect((await draw(sketch(folders), { ...input, prompt: `${prompt}circle` })).output).toEqual(
      (await draw(sketch(folders), { ...input, prompt })).output,
    );
    expect((await draw(sketch(folders), { ...input, prompt: prompt.repeat(100_000) })).output).toEqual(
      (await draw(sketch(folders), { ...input, prompt })).output,
    );
  });

  it("says how far it is after each step, and what it costs from the beginning", async () => {
    const parts: Part[] = [];
    for await (const part of engine.run(callOf<"text-to-image">(sketch(folders), input))) parts.push(part);
    const usage = { tile: 1, step: 5, "step-256": 5, "first-megapixel": 1, "subsequent-megapixel": 0 };
    expect(parts.slice(0, -1)).toEqual([
      { type: "begin", usage },
      ...[1, 2, 3, 4, 5].map((step) => ({ type: "delta", usage, delta: { step, of: 5 } })),
    ]);
    expect(parts.at(-1)).toMatchObject({ type: "end", usage, output: { image: { mediaType: "image/png" } } });
  });

  it("stops between two steps when the caller leaves", async () => {
    const leaving = new AbortController();
    const steps: number[] = [];
    for await (const part of engine.run(
      callOf<"text-to-image">(sketch(folders), { ...input, num_steps: 50 }, { signal: leaving.signal }),
    )) {
      if (part.type === "delta") steps.push((part.delta as { step: number }).step);
      if (steps.length === 3) leaving.abort();
    }
    expect(steps).toEqual([1, 2, 3]);
  });

  it("goes on beside others, a step of each at a time", async () => {
    const order: string[] = [];
    await Promise.all(
      ["one", "two"].map(async (name) => {
        for await (const part of engine.run(callOf<"text-to-image">(sketch(folders), input))) if (part.type === "delta") order.push(name);
      }),
    );
    expect(order.indexOf("two")).toBeLessThan(order.lastIndexOf("one"));
    expect(order.indexOf("one")).toBeLessThan(order.lastIndexOf("two"));
  });
});

describe("a model of SDXL's class", () => {
  const encoder = (pooled: boolean) => ({
    inputs: { input_ids: ["b", "n"] },
    types: { input_ids: "int64" as const },
    outputs: {
      last_hidden_state: ["b", "n", 1],
      ...(pooled && { text_embeds: ["b", 1] }),
      ...Object.fromEntries([0, 1, 2].map((i) => [`hidden_states.${i}`, ["b", "n", 1]])),
    },
    constants: {
      padding: { dims: [1], data: [616] },
      twenty: { dims: [1], data: [20] },
      zero: { dims: [1], data: [0] },
      last: { dims: [1], data: [2], type: "int64" as const },
    },
    nodes: [
      ["Cast", ["input_ids"], "ids", { to: 1 }],
      ["Sub", ["ids", "padding"], "less"],
      ["Div", ["less", "twenty"], "parts"],
      ["Unsqueeze", ["parts", "last"], "hidden_states.1"],
      ...["last_hidden_state", "hidden_states.0", "hidden_states.2"].map((name) => ["Mul", ["hidden_states.1", "zero"], name] as const),
      ...(pooled ? [["ReduceMean", ["parts"], "text_embeds", { axes: [1], keepdims: 1 }] as const] : []),
    ] as const,
  });
  const card = sketch(folders, {
    files: {
      "text_encoder/model.onnx": graphOf(encoder(false)),
      "text_encoder_2/model.onnx": graphOf(encoder(true)),
      "tokenizer_2/tokenizer.json": sketchTokenizer,
      "model_index.json": { force_zeros_for_empty_prompt: true },
      // Predicts the sum of the two states' means, of the whole prompt's vector, and of a hundredth of the mean of the sizes.
      "unet/model.onnx": graphOf({
        inputs: {
          sample: ["b", 4, "h", "w"],
          timestep: [],
          encoder_hidden_states: ["b", "n", 2],
          text_embeds: ["b", 1],
          time_ids: ["b", 6],
        },
        outputs: { out_sample: ["b", 4, "h", "w"] },
        constants: {
          zero: { dims: [1], data: [0] },
          two: { dims: [1], data: [2] },
          hundred: { dims: [1], data: [100] },
          sides: { dims: [4], data: [-1, 1, 1, 1], type: "int64" },
        },
        nodes: [
          ["ReduceMean", ["encoder_hidden_states"], "mean", { axes: [1, 2], keepdims: 1 }],
          ["Mul", ["mean", "two"], "words"],
          ["ReduceMean", ["time_ids"], "size", { axes: [1], keepdims: 1 }],
          ["Div", ["size", "hundred"], "part"],
          ["Add", ["part", "text_embeds"], "whole"],
          ["Reshape", ["words", "sides"], "a"],
          ["Reshape", ["whole", "sides"], "b"],
          ["Add", ["a", "b"], "colour"],
          ["Mul", ["sample", "zero"], "nothing"],
          ["Add", ["nothing", "colour"], "out_sample"],
        ],
      }),
    },
  });

  it("draws with two encoders of text, the vector of the whole prompt, and its sizes", async () => {
    const state = stateOf(a, red, circle);
    const sizes = (4 * 64) / 6 / 100;
    const [said, unsaid] = [3 * state + sizes, sizes];
    const noise = createNoise(4)(4 * 64);
    const pixels = await drawn(card, { prompt: "a red circle", seed: 4, num_steps: 5, guidance: 2 });
    for (const [x, y] of [
      [4, 4],
      [20, 60],
      [60, 12],
    ] as const) {
      const latent = Math.floor(y / 8) * 8 + Math.floor(x / 8);
      const expected = expectedColour(noise[latent] ?? 0, unsaid + 2 * (said - unsaid));
      expect(Math.abs((at(pixels, x, y)[0] ?? 0) - expected)).toBeLessThanOrEqual(1);
    }
  });
});

describe("a seed", () => {
  const input = { prompt: "a red circle", num_steps: 3 };

  it.each([
    ["DDIM", "DDIMScheduler"],
    ["Euler", "EulerDiscreteScheduler"],
    ["LCM, which wants new noise in each step", "LCMScheduler"],
  ])("repeats its picture byte for byte, and another makes another: %s", async (_, _class_name) => {
    const card = sketch(folders, { files: { "scheduler/scheduler_config.json": { _class_name } } });
    const [first, again, other] = [
      await draw(card, { ...input, seed: 5 }),
      await draw(card, { ...input, seed: 5 }),
      await draw(card, { ...input, seed: -5 }),
    ];
    expect(again.output).toEqual(first.output);
    expect(other.output).not.toEqual(first.output);
  });

  it("that nobody gives is another one each time", async () => {
    expect((await draw(sketch(folders), input)).output).not.toEqual((await draw(sketch(folders), input)).output);
  });
});

describe("a size", () => {
  it("that is not given is the one that the model was made for", async () => {
    const { width, height } = await drawn(sketch(folders), { prompt: "x", num_steps: 1 });
    expect([width, height]).toEqual([64, 64]);
  });

  it("of the model's grain is drawn, and counted in tiles", async () => {
    const large = sketch(folders, { files: { "unet/config.json": { sample_size: 64, block_out_channels: [1, 1] } } });
    const { output, usage } = await draw(large, { prompt: "x", num_steps: 2, width: 768, height: 512 });
    expect(await sharp(output.image.bytes).metadata()).toMatchObject({ format: "png", width: 768, height: 512 });
    expect(usage).toEqual({ tile: 2, step: 2, "step-1024": 2, "first-megapixel": 1, "subsequent-megapixel": 0 });
  });

  it.each([
    [{ width: 72 }, "/width"],
    [{ height: 72 }, "/height"],
    [{ width: 128, height: 128 }, "/width"],
  ])("that the model cannot draw is refused with those that it can: %o", async (size, field) => {
    const problem = await problemOf<"text-to-image">(engine, sketch(folders), { prompt: "x", ...size });
    expect(problem).toMatchObject({ code: "bad-input", details: { field } });
    expect(problem.message).toBe(
      `'${field}' does not fit this model: it draws sides that are multiples of 16, together at most 96 x 96 pixels, and best 64 x 64`,
    );
  });

  it("other than the only one of a network is refused", async () => {
    const problem = await problemOf<"text-to-image">(engine, sketch(folders, { sample: ["b", 4, 8, 8] }), { prompt: "x", width: 256 });
    expect(problem.message).toBe("'/width' does not fit this model: it draws 64 x 64 pixels and no other size");
  });

  it("is reached by enlarging where the model says so, with its edges drawn on to the sides", async () => {
    const enlarging = sketch(folders, { sample: ["b", 4, 8, 8], files: { "model_index.json": { _ganglion: { enlarge: true } } } });
    const [small, wide] = [
      await drawn(enlarging, { prompt: "x", seed: 1 }),
      await drawn(enlarging, { prompt: "x", seed: 1, width: 512, height: 256 }),
    ];
    expect([wide.width, wide.height]).toEqual([512, 256]);
    expect(at(wide, 0, 128)).toEqual(at(wide, 127, 128));
    expect(at(wide, 511, 128)).toEqual(at(wide, 384, 128));
    at(wide, 128 + 16, 16).forEach((colour, i) => expect(Math.abs(colour - (at(small, 4, 4)[i] ?? 0))).toBeLessThan(3));
  });
});

describe("a drawing from a picture", () => {
  const card = () => sketch(folders, { network: "nothing" });
  const image = () => halves(64, 64, "rgb(200,40,40)", "rgb(40,40,200)");

  it("stays near it with little strength, and leaves it with much", async () => {
    const input = { prompt: "x", image: await image(), seed: 4, num_steps: 20 };
    const near = await drawn(card(), { ...input, strength: 0.05 });
    at(near, 10, 30).forEach((colour, i) => expect(Math.abs(colour - ([200, 40, 40][i] ?? 0))).toBeLessThan(30));
    at(near, 50, 30).forEach((colour, i) => expect(Math.abs(colour - ([40, 40, 200][i] ?? 0))).toBeLessThan(30));
    const far = await drawn(card(), input);
    const distance = Array.from(far.data).reduce((sum, value, i) => sum + Math.abs(value - (near.data[i] ?? 0)), 0) / far.data.length;
    expect(distance).toBeGreaterThan(40);
  });

  it("does and counts only the steps that its strength asks for, and the picture it began from", async () => {
    const { usage } = await draw(card(), { prompt: "x", image: await image(), strength: 0.3, num_steps: 10 });
    expect(usage).toEqual({
      tile: 1,
      step: 3,
      "step-256": 3,
      "first-megapixel": 1,
      "subsequent-megapixel": 0,
      "input-tile": 1,
      "input-megapixel": 1,
    });
  });

  it("has the picture's form where no size is given", async () => {
    const { width, height } = await drawn(card(), { prompt: "x", image: await halves(400, 200, "red", "blue"), strength: 0.05 });
    expect([width, height]).toEqual([64, 32]);
  });

  it("begins at the middle where an encoder tells the middle and a deviation", async () => {
    const files = {
      "vae_encoder/model.onnx": graphOf({
        inputs: { sample: ["b", 3, "H", "W"] },
        outputs: { latent_parameters: ["b", 8, "h", "w"] },
        nodes: [
          ["AveragePool", ["sample"], "colours", { kernel_shape: [8, 8], strides: [8, 8] }],
          ["ReduceMean", ["colours"], "mean", { axes: [1], keepdims: 1 }],
          ["Exp", ["colours"], "other"],
          ["Concat", ["colours", "mean", "mean", "other"], "latent_parameters", { axis: 1 }],
        ],
      }),
    };
    const asked = { prompt: "x", image: await image(), seed: 4, strength: 0.5 };
    expect((await draw(sketch(folders, { files }), asked)).output).toEqual((await draw(sketch(folders), asked)).output);
  });

  it("needs a model that can read one", async () => {
    const blind = sketch(folders, { files: { "vae_encoder/model.onnx": undefined } });
    const problem = await problemOf<"text-to-image">(engine, blind, { prompt: "x", image: await image() });
    expect(problem).toMatchObject({ code: "weights-missing", details: { files: [{ name: "vae_encoder/model.onnx" }] } });
    expect((await draw(blind, { prompt: "x" })).output.image.mediaType).toBe("image/png");
  });

  it("is refused where picture or mask are none, by their fields", async () => {
    const none = mediaOf(new TextEncoder().encode("<svg/>"));
    for (const [field, input] of [
      ["/image", { image: none }],
      ["/mask", { image: await image(), mask: none }],
    ] as const) {
      expect(await problemOf<"text-to-image">(engine, card(), { prompt: "x", ...input })).toMatchObject({
        code: "bad-input",
        details: { field },
      });
    }
  });
});

describe("a mask", () => {
  const image = () => halves(64, 64, "rgb(200,40,40)", "rgb(40,40,200)");
  const rightHalf = () => halves(64, 64, "black", "white");
  const near = (pixels: Pixels, x: number, y: number, colour: readonly number[]) =>
    at(pixels, x, y).forEach((value, i) => expect(Math.abs(value - (colour[i] ?? 0))).toBeLessThan(4));

  it("keeps what is black as it was, with a network that knows no masks", async () => {
    const pixels = await drawn(sketch(folders), { prompt: "a red circle", image: await image(), mask: await rightHalf(), seed: 2 });
    for (const [x, y] of [
      [0, 0],
      [31, 63],
      [12, 40],
    ] as const)
      near(pixels, x, y, [200, 40, 40]);
    const right = Array.from({ length: 4 }, (_, i) => at(pixels, 36 + 8 * i, 20).join(" "));
    expect(right).not.toContain("40 40 200");
  });

  it("is given to an inpainting network behind the latents, white as 1", async () => {
    const card = sketch(folders, { network: "mask", sample: ["b", 9, "h", "w"] });
    const noise = createNoise(3)(4 * 64);
    const pixels = await drawn(card, { prompt: "x", image: await image(), mask: await rightHalf(), seed: 3, num_steps: 5, guidance: 1 });
    for (const [x, y, predicted] of [
      [4, 4, 0],
      [28, 60, 0],
      [36, 4, 1],
      [60, 60, 1],
    ] as const) {
      const latent = Math.floor(y / 8) * 8 + Math.floor(x / 8);
      expect(Math.abs((at(pixels, x, y)[0] ?? 0) - expectedColour(noise[latent] ?? 0, predicted))).toBeLessThanOrEqual(1);
    }
  });

  it("is followed by the latents of what stays, with grey where it is white", async () => {
    const card = sketch(folders, { network: "stays", sample: ["b", 9, "h", "w"] });
    const noise = createNoise(3)(4 * 64);
    const pixels = await drawn(card, { prompt: "x", image: await image(), mask: await rightHalf(), seed: 3, num_steps: 5, guidance: 1 });
    const redness = (200 / 127.5 - 1) * 0.8;
    for (const [x, y, predicted] of [
      [4, 4, redness],
      [28, 60, redness],
      [36, 4, 0],
      [60, 60, 0],
    ] as const) {
      const latent = Math.floor(y / 8) * 8 + Math.floor(x / 8);
      expect(Math.abs((at(pixels, x, y)[0] ?? 0) - expectedColour(noise[latent] ?? 0, predicted))).toBeLessThanOrEqual(1);
    }
  });

  it("with transparency is repainted where it can be seen through", async () => {
    const glass = sharp({ create: { width: 64, height: 64, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 1 } } }).composite([
      {
        input: { create: { width: 32, height: 64, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 1 } } },
        left: 32,
        top: 0,
        blend: "dest-out",
      },
    ]);
    const mask = mediaOf(await glass.png().toBuffer());
    const asked = { prompt: "a red circle", image: await image(), seed: 2 };
    expect((await draw(sketch(folders), { ...asked, mask })).output).toEqual(
      (await draw(sketch(folders), { ...asked, mask: await rightHalf() })).output,
    );
  });

  it.each([
    ["mask", async () => ({ image: await image() })],
    ["image", async () => ({ mask: await rightHalf() })],
    ["image", async () => ({})],
  ] as const)("and a picture are what an inpainting model needs: without %s it says so", async (field, given) => {
    const card = sketch(folders, { network: "mask", sample: ["b", 9, "h", "w"] });
    const problem = await problemOf<"text-to-image">(engine, card, { prompt: "x", ...(await given()) });
    expect(problem).toMatchObject({ code: "bad-input", details: { field: `/${field}` } });
    expect(problem.message).toBe(
      `required property /${field} is missing; this model repaints a part of a picture: it needs 'image', and 'mask' that is white where to repaint`,
    );
  });

  it("without its picture is refused by any model", async () => {
    const problem = await problemOf<"text-to-image">(engine, sketch(folders), { prompt: "x", mask: await rightHalf() });
    expect(problem.message).toBe("required property /image is missing; a mask is nothing without its picture");
  });
});

describe("a folder that is no good", () => {
  it("names what it lacks", async () => {
    const card = sketch(folders, { files: { "unet/model.onnx": undefined, "tokenizer/tokenizer.json": undefined } });
    const problem = await problemOf<"text-to-image">(engine, card, { prompt: "x" });
    expect(problem.code).toBe("weights-missing");
    expect(problem.details).toEqual({
      files: ["unet/model.onnx", "tokenizer/vocab.json", "tokenizer/merges.txt"].map((name) => ({ name })),
    });
  });

  it.each([
    ["unet/model.onnx", "no graph"],
    ["text_encoder/model.onnx", ""],
    ["scheduler/scheduler_config.json", "{"],
    ["unet/config.json", { sample_size: "large" }],
  ])("names what cannot be read: %s", async (name, content) => {
    expect(await problemOf<"text-to-image">(engine, sketch(folders, { files: { [name]: content } }), { prompt: "x" })).toMatchObject({
      code: "engine-failed",
      message: `${name} of local/sketch cannot be read; bring that file again`,
    });
  });

  it("says which schedule it does not know", async () => {
    const card = sketch(folders, { files: { "scheduler/scheduler_config.json": { beta_schedule: "wavy" } } });
    const problem = await problemOf<"text-to-image">(engine, card, { prompt: "x" });
    expect(problem.message).toBe("scheduler/scheduler_config.json asks for the beta_schedule wavy, which this engine does not know");
  });
});
