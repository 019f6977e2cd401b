import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import type { ModelCard } from "../../../core/index.ts";
import { ask, problemOf } from "../ask.case.ts";
import { graphOf } from "../graph.case.ts";
import { cardOf, modelFolders } from "../models.case.ts";
import { createOnnxEngine } from "../onnx.ts";
import { drawings, mediaOf, plain, tinyClassify, tinyDetect } from "./pictures.case.ts";

const engine = createOnnxEngine({ threads: 1 });
const folders = modelFolders();
afterAll(async () => {
  await engine.close();
  folders.remove();
});

describe("tiny-classify", () => {
  it("names drawings that it has never seen", async () => {
    for (const { image, label, file } of drawings("classify")) {
      const { output, usage } = await ask<"image-classification">(engine, tinyClassify, { image });
      expect([file, output[0]?.label]).toEqual([file, label]);
      expect(output).toHaveLength(5);
      expect(output.map(({ score }) => score)).toEqual(output.map(({ score }) => score).toSorted((a, b) => b - a));
      expect(usage).toEqual({ image: 1 });
    }
  });

  it("says the same of a picture in every format without loss", async () => {
    const [drawing] = drawings("classify");
    const read = () => sharp(drawing?.image.bytes);
    const asked = await Promise.all(
      [read().png(), read().webp({ lossless: true }), read().tiff({ compression: "lzw" })].map(async (made) =>
        ask<"image-classification">(engine, tinyClassify, { image: mediaOf(await made.toBuffer()) }),
      ),
    );
    expect(asked[1]).toEqual(asked[0]);
    expect(asked[2]).toEqual(asked[0]);
  });
});

describe("tiny-detect", () => {
  it("finds what is on drawings that it has never seen, where it is", async () => {
    let found = 0;
    let truths = 0;
    let said = 0;
    for (const { image, labels, boxes } of drawings("detect")) {
      const { output } = await ask<"object-detection">(engine, tinyDetect, { image });
      said += output.length;
      truths += labels.length;
      labels.forEach((label, i) => {
        const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = boxes[i] ?? [];
        found += output.some(({ label: other, box }) => {
          const width = Math.min(box.xmax, x1) - Math.max(box.xmin, x0);
          const height = Math.min(box.ymax, y1) - Math.max(box.ymin, y0);
          const common = Math.max(0, width) * Math.max(0, height);
          const all = (box.xmax - box.xmin) * (box.ymax - box.ymin) + (x1 - x0) * (y1 - y0) - common;
          return other === label && common / all >= 0.5;
        })
          ? 1
          : 0;
      });
    }
    expect(truths).toBe(25);
    expect(found).toBeGreaterThanOrEqual(24);
    expect(said).toBeLessThanOrEqual(26);
  });

  it("says where in the pixels of the picture as it came, upright", async () => {
    const drawing = drawings("detect")[3];
    const whole = await ask<"object-detection">(engine, tinyDetect, { image: drawing?.image ?? mediaOf(new Uint8Array()) });
    const large = await sharp(drawing?.image.bytes).resize(1280, 640, { fit: "fill" }).png().toBuffer();
    const stretched = await ask<"object-detection">(engine, tinyDetect, { image: mediaOf(large) });
    const [box, wide] = [whole.output[0]?.box, stretched.output[0]?.box];
    expect(Math.abs((wide?.xmin ?? 0) / 20 - (box?.xmin ?? 0))).toBeLessThan(1.5);
    expect(Math.abs((wide?.ymax ?? 0) / 10 - (box?.ymax ?? 0))).toBeLessThan(1.5);

    const lying = await sharp(drawing?.image.bytes).rotate(270).withMetadata({ orientation: 6 }).png().toBuffer();
    expect((await ask<"object-detection">(engine, tinyDetect, { image: mediaOf(lying) })).output[0]?.box).toEqual(box);
  });

  it("finds nothing where nothing is", async () => {
    expect((await ask<"object-detection">(engine, tinyDetect, { image: await plain(90, 60, [20, 20, 20]) })).output).toEqual([]);
  });
});

/** Logits are the means of red, green and blue. */
const colours = (config: object) =>
  cardOf(
    "local/colours",
    "image-classification",
    folders.folder({
      "onnx/model.onnx": graphOf({
        inputs: { pixel_values: ["batch", 3, "height", "width"] },
        outputs: { logits: ["batch", 3] },
        nodes: [["ReduceMean", ["pixel_values"], "logits", { axes: [2, 3], keepdims: 0 }]],
      }),
      "preprocessor_config.json": { size: { height: 8, width: 8 } },
      "config.json": config,
    }),
  );

describe("a classifier of pictures", () => {
  it("scores by softmax, best first, and names labels by their number where the model has no names", async () => {
    const image = await plain(20, 30, [0, 255, 51]);
    const { output } = await ask<"image-classification">(engine, colours({ id2label: { 1: "green" } }), { image });
    const sum = Math.exp(0) + Math.exp(1) + Math.exp(0.2);
    expect(output.map(({ label }) => label)).toEqual(["green", "LABEL_2", "LABEL_0"]);
    [Math.exp(1), Math.exp(0.2), 1].forEach((power, i) => expect(output[i]?.score).toBeCloseTo(power / sum, 5));
  });

  it("scores labels by themselves where they do not exclude each other", async () => {
    const card = colours({ problem_type: "multi_label_classification" });
    const { output } = await ask<"image-classification">(engine, card, { image: await plain(9, 9, [255, 0, 0]) });
    expect(output[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-1)), 5);
    expect(output[1]?.score).toBeCloseTo(0.5, 5);
  });
});

/** Says the same of every picture: queries with logits and boxes. */
const sayings = (logits: readonly (readonly number[])[], boxes: readonly (readonly number[])[], labels: readonly string[]) =>
  cardOf(
    "local/sayings",
    "object-detection",
    folders.folder({
      "onnx/model.onnx": graphOf({
        inputs: { pixel_values: ["batch", 3, "height", "width"], pixel_mask: ["batch", 64, 64] },
        types: { pixel_mask: "int64" },
        outputs: { logits: [1, logits.length, logits[0]?.length ?? 0], pred_boxes: [1, boxes.length, 4] },
        constants: {
          said: { dims: [1, logits.length, logits[0]?.length ?? 0], data: logits.flat() },
          where: { dims: [1, boxes.length, 4], data: boxes.flat() },
        },
        nodes: [
          ["Identity", ["said"], "logits"],
          ["Identity", ["where"], "pred_boxes"],
        ],
      }),
      "preprocessor_config.json": { size: { shortest_edge: 8, longest_edge: 16 } },
      "config.json": { id2label: Object.fromEntries(labels.map((label, id) => [id, label])) },
    }),
  );

describe("a detector of pictures", () => {
  const boxes = [
    [0.5, 0.5, 0.2, 0.4],
    [0.1, 0.9, 0.4, 0.4],
    [0.5, 0.5, 1, 1],
    [0.5, 0.5, 1, 1],
  ];
  const find = async (card: ModelCard) => (await ask<"object-detection">(engine, card, { image: await plain(200, 100, [0, 0, 0]) })).output;

  it("gives what is surer than half, surest first, in whole pixels within the picture, and nothing for the class of nothing", async () => {
    const output = await find(
      sayings(
        [
          [1, 0, -2],
          [-1, 4, 0],
          [0, 0, 0],
          [0, 0, 9],
        ],
        boxes,
        ["cat", "dog"],
      ),
    );
    expect(output).toEqual([
      {
        label: "dog",
        score: expect.closeTo(Math.exp(4) / (Math.exp(-1) + Math.exp(4) + 1), 5),
        box: { xmin: 0, ymin: 70, xmax: 60, ymax: 100 },
      },
      { label: "cat", score: expect.closeTo(Math.E / (Math.E + 1 + Math.exp(-2)), 5), box: { xmin: 80, ymin: 30, xmax: 120, ymax: 70 } },
    ]);
  });

  it("scores each class by itself where none of them means nothing", async () => {
    const output = await find(
      sayings(
        [
          [1, -9],
          [-1, -1],
          [-9, 2],
          [-9, -9],
        ],
        boxes,
        ["cat", "dog"],
      ),
    );
    expect(output.map(({ label }) => label)).toEqual(["dog", "cat"]);
    expect(output[1]?.score).toBeCloseTo(1 / (1 + Math.exp(-1)), 5);
  });

  it("that makes numbers that are none is said to be damaged", async () => {
    const card = sayings([[Number.NaN, 1, 1]], [[0, 0, 0, 0]], ["cat", "dog"]);
    const problem = await problemOf<"object-detection">(engine, card, { image: await plain(9, 9, [0, 0, 0]) });
    expect(problem.message).toBe("local/sayings made numbers that are none; its file may be damaged");
  });
});

describe("a folder that is no good", () => {
  const files = {
    "onnx/model.onnx": graphOf({
      inputs: { pixel_values: [1, 3, 8, 8] },
      outputs: { logits: [1, 3] },
      nodes: [["ReduceMean", ["pixel_values"], "logits", { axes: [2, 3], keepdims: 0 }]],
    }),
    "preprocessor_config.json": { size: 8 },
  };
  const look = async (changed: object) => {
    const card = cardOf("local/broken", "image-classification", folders.folder({ ...files, ...changed }));
    return problemOf<"image-classification">(engine, card, { image: await plain(9, 9, [1, 1, 1]) });
  };

  it("names what it lacks", async () => {
    const card = cardOf("local/empty", "image-classification", folders.folder({ "README.md": "" }));
    const problem = await problemOf<"image-classification">(engine, card, { image: await plain(9, 9, [1, 1, 1]) });
    expect(problem.code).toBe("weights-missing");
    expect(problem.details).toEqual({ files: [{ name: "onnx/model.onnx" }, { name: "preprocessor_config.json" }] });
  });

  it.each([
    ["onnx/model.onnx", { "onnx/model.onnx": "no graph" }],
    ["preprocessor_config.json", { "preprocessor_config.json": { size: "large" } }],
    ["config.json", { "config.json": "{" }],
  ])("names what cannot be read: %s", async (name, changed) => {
    expect(await look(changed)).toMatchObject({
      code: "engine-failed",
      message: `${name} of local/broken cannot be read; bring that file again`,
    });
  });

  it("whose graph wants other pictures fails in plain words", async () => {
    const problem = await look({ "preprocessor_config.json": { size: { height: 9, width: 9 } } });
    expect(problem).toMatchObject({
      code: "engine-failed",
      message: "local/broken could not compute this input; the server's log says why",
    });
  });
});

it("a picture that is no good is refused in the words of its field", async () => {
  for (const [card, task] of [
    [tinyClassify, "image-classification"],
    [tinyDetect, "object-detection"],
  ] as const) {
    const problem = await problemOf<typeof task>(engine, card, { image: mediaOf(new TextEncoder().encode("<svg/>")) });
    expect(problem).toMatchObject({ code: "bad-input", details: { field: "/image" } });
  }
});

it("of many pictures that are asked for at once each gets its own answer", async () => {
  const asked = await Promise.all(
    drawings("classify").map(async ({ image, label }) => [
      label,
      (await ask<"image-classification">(engine, tinyClassify, { image })).output[0]?.label,
    ]),
  );
  for (const [label, said] of asked) expect(said).toBe(label);
});
