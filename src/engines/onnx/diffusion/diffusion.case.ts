import { readFileSync } from "node:fs";
import sharp from "sharp";
import type { Media, ModelCard } from "../../../core/index.ts";
import { openPicture, type Pixels } from "../../../media/index.ts";
import { graphOf, type GraphParts, type Shape } from "../graph.case.ts";
import { builtIn, cardOf, type modelFolders } from "../models.case.ts";
import { mediaOf } from "../pictures/pictures.case.ts";

export const tinyDraw = builtIn("tiny-shapes/draw", "text-to-image");

export const sketchTokenizer = readFileSync(
  new URL("../../../../models/tiny-shapes/draw/tokenizer/tokenizer.json", import.meta.url),
  "utf8",
);

type Nodes = GraphParts["nodes"];

/**
 * What the network of a sketch predicts: the mean of the words' states in every latent, nothing, or, with nine channels, the mask or a tenth
 * of the latents of what stays.
 */
export const networks = {
  words: [
    ["ReduceMean", ["encoder_hidden_states"], "mean", { axes: [1], keepdims: 1 }],
    ["Unsqueeze", ["mean", "last"], "colour"],
    ["Mul", ["sample", "zero"], "nothing"],
    ["Add", ["nothing", "colour"], "out_sample"],
  ],
  nothing: [["Mul", ["sample", "zero"], "out_sample"]],
  mask: [
    ["Slice", ["sample", "four", "five", "one"], "mask"],
    ["Slice", ["sample", "nought", "four", "one"], "latents"],
    ["Mul", ["latents", "zero"], "nothing"],
    ["Add", ["nothing", "mask"], "out_sample"],
  ],
  stays: [
    ["Slice", ["sample", "five", "nine", "one"], "latents"],
    ["Mul", ["latents", "tenth"], "out_sample"],
  ],
} satisfies Record<string, Nodes>;

export interface Sketch {
  readonly network?: keyof typeof networks;
  readonly sample?: Shape;
  readonly files?: Readonly<Record<string, Uint8Array | object | string | undefined>>;
}

const whole = (value: number) => ({ dims: [1], data: [value], type: "int64" as const });
const grain = { "unet/config.json": { sample_size: 8, block_out_channels: [1, 1] } };

/**
 * A model in Stable Diffusion's layout whose graphs are written by hand, so that its pictures can be worked out: a token's state is its id
 * less 616, in twentieths; a latent of three colours and their mean is the mean of 8 x 8 pixels, from -8 to 8; pictures have sides of 64.
 */
export function sketch(
  folders: ReturnType<typeof modelFolders>,
  { network = "words", sample = ["b", 4, "h", "w"], files = {} }: Sketch = {},
): ModelCard {
  const all = {
    "tokenizer/tokenizer.json": sketchTokenizer,
    "text_encoder/model.onnx": graphOf({
      inputs: { input_ids: ["b", "n"] },
      types: { input_ids: "int64" },
      outputs: { last_hidden_state: ["b", "n", 1] },
      constants: { padding: { dims: [1], data: [616] }, twenty: { dims: [1], data: [20] }, last: whole(2) },
      nodes: [
        ["Cast", ["input_ids"], "ids", { to: 1 }],
        ["Sub", ["ids", "padding"], "less"],
        ["Div", ["less", "twenty"], "parts"],
        ["Unsqueeze", ["parts", "last"], "last_hidden_state"],
      ],
    }),
    "unet/model.onnx": graphOf({
      inputs: { sample, timestep: ["b"], encoder_hidden_states: ["b", "n", 1] },
      types: { timestep: "int64" },
      outputs: { out_sample: ["b", 4, "h", "w"] },
      constants: {
        zero: { dims: [1], data: [0] },
        tenth: { dims: [1], data: [0.1] },
        last: whole(3),
        nought: whole(0),
        one: whole(1),
        four: whole(4),
        five: whole(5),
        nine: whole(9),
      },
      nodes: networks[network],
    }),
    "vae_decoder/model.onnx": graphOf({
      inputs: { latent_sample: ["b", 4, "h", "w"] },
      outputs: { sample: ["b", 3, "H", "W"] },
      constants: { nought: whole(0), one: whole(1), three: whole(3), scales: { dims: [4], data: [1, 1, 8, 8] } },
      nodes: [
        ["Slice", ["latent_sample", "nought", "three", "one"], "colours"],
        ["Resize", ["colours", "", "scales"], "sample", { mode: "nearest" }],
      ],
    }),
    "vae_encoder/model.onnx": graphOf({
      inputs: { sample: ["b", 3, "H", "W"] },
      outputs: { latent_sample: ["b", 4, "h", "w"] },
      nodes: [
        ["AveragePool", ["sample"], "colours", { kernel_shape: [8, 8], strides: [8, 8] }],
        ["ReduceMean", ["colours"], "mean", { axes: [1], keepdims: 1 }],
        ["Concat", ["colours", "mean"], "latent_sample", { axis: 1 }],
      ],
    }),
    "vae_decoder/config.json": { scaling_factor: 8 },
    "scheduler/scheduler_config.json": { _class_name: "DDIMScheduler", steps_offset: 1 },
    ...grain,
    ...files,
  };
  const there = Object.entries(all).flatMap(([name, content]) => (content === undefined ? [] : [[name, content] as const]));
  return cardOf("local/sketch", "text-to-image", folders.folder(Object.fromEntries(there)));
}

export const pixelsOf = async (image: Media): Promise<Pixels> => (await openPicture(image, "/image")).pixels();

/** The colours of one pixel. */
export const at = ({ width, data }: Pixels, x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

/** Left half of one colour, right half of another. */
export async function halves(width: number, height: number, left: string, right: string): Promise<Media> {
  const made = sharp({ create: { width, height, channels: 3, background: right } }).composite([
    { input: { create: { width: width / 2, height, channels: 3, background: left } }, left: 0, top: 0 },
  ]);
  return mediaOf(await made.png().toBuffer());
}
