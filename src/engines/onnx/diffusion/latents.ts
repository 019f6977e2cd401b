import { scaled, type Pixels } from "../../../media/index.ts";
import type { Values } from "../graph.ts";
import { runSimple, type DiffusionModel } from "./diffusion-model.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Which pixels are made anew, 1, and which stay, 0: row by row. */
export type Mask = Size & { readonly data: Uint8Array };

/** Colours of -1 to 1, [1, 3, height, width]; where a mask says that all is made anew, grey. */
export function valuesOf({ width, height, data }: Pixels, mask?: Mask): Values {
  const area = width * height;
  const values = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) {
      values[channel * area + i] = mask?.data[i] ? 0 : (data[i * 3 + channel] ?? 0) / 127.5 - 1;
    }
  }
  return { data: values, dims: [1, 3, height, width] };
}

/** The latents of a picture: of what an encoder makes of it, the middle, where it makes a middle and a deviation. */
export async function latentsOf(model: DiffusionModel, picture: Pixels, mask?: Mask): Promise<Float32Array> {
  const { data, dims } = await runSimple(await model.encoder(), valuesOf(picture, mask));
  const channels = latentChannelsOf(model);
  const factor = model.folder.vae.scaling_factor;
  return Float32Array.from({ length: channels * (dims[2] ?? 0) * (dims[3] ?? 0) }, (_, i) => (data[i] ?? 0) * factor);
}

/** The picture of latents. */
export async function pictureOf(model: DiffusionModel, latents: Float32Array, { width, height }: Size): Promise<Pixels> {
  const factor = model.folder.vae.scaling_factor;
  const { data, dims } = await runSimple(model.decoder, {
    data: latents.map((value) => value / factor),
    dims: [1, latentChannelsOf(model), height, width],
  });
  const [, , rows = 0, columns = 0] = dims;
  const area = rows * columns;
  const colours = new Uint8ClampedArray(3 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) colours[i * 3 + channel] = ((data[channel * area + i] ?? 0) + 1) * 127.5;
  }
  return { width: columns, height: rows, data: colours };
}

export function latentChannelsOf({ decoder }: DiffusionModel): number {
  const [shape] = decoder.inputs.values();
  return shape?.[1] ?? 4;
}

/** White is made anew, in the grain of pixels. */
export function maskOf(picture: Pixels, { width, height }: Size): Mask {
  const { data } = scaled(picture, width, height, "bilinear");
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, i) => {
      const [red = 0, green = 0, blue = 0] = data.subarray(i * 3, i * 3 + 3);
      return 0.299 * red + 0.587 * green + 0.114 * blue >= 128 ? 1 : 0;
    }),
  };
}

/** The same in the grain of latents: of each square of pixels its first one, as in the training of inpainting models. */
export function latentMaskOf({ width, height, data }: Mask, scale: number): Float32Array {
  const [columns, rows] = [width / scale, height / scale];
  return Float32Array.from(
    { length: columns * rows },
    (_, i) => data[Math.floor(i / columns) * scale * width + (i % columns) * scale] ?? 0,
  );
}
