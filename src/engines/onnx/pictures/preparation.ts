import * as z from "zod";
import { Problem } from "../../../core/index.ts";
import { type Filter, type Picture, scaled } from "../../../media/index.ts";
import type { Values } from "../graph.ts";

const side = z.int().min(1).max(4096);
const triple = z.tuple([z.number(), z.number(), z.number()]);

/** A preprocessor_config.json, in the forms that transformers has written over the years. */
export const preparationSchema = z.looseObject({
  image_processor_type: z.string().optional(),
  feature_extractor_type: z.string().optional(),
  do_resize: z.boolean().optional(),
  size: z
    .union([side, z.object({ height: side, width: side }), z.object({ shortest_edge: side, longest_edge: side.nullish() })])
    .optional(),
  max_size: side.nullish(),
  crop_pct: z.number().min(0.1).max(1).nullish(),
  resample: z.int().nullish(),
  do_center_crop: z.boolean().nullish(),
  crop_size: z.union([side, z.object({ height: side, width: side })]).nullish(),
  do_rescale: z.boolean().nullish(),
  rescale_factor: z.number().nullish(),
  do_normalize: z.boolean().nullish(),
  image_mean: triple.nullish(),
  image_std: triple.nullish(),
});

export type PreparationConfig = z.output<typeof preparationSchema>;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Makes of a picture what the network was trained on: [1, 3, height, width]. */
export interface Preparation {
  /** The size to which a picture is scaled. @throws Problem bad-input for one that is too long and narrow */
  sizeOf(picture: Size): Size;
  /** @throws Problem bad-input for a picture that cannot be read */
  prepare(picture: Picture): Promise<Values>;
}

/** Pillow's numbers of its filters. */
const filters: Readonly<Record<number, Filter>> = { 0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic" };

/** Pixels of a scaled picture at most: a strip one pixel high would be scaled to any length. */
const mostPixels = 16_000_000;

export function createPreparation(config: PreparationConfig): Preparation {
  const filter = filters[config.resample ?? 2] ?? "bilinear";
  const crop = cropOf(config);
  const factor = config.do_rescale === false ? 1 : (config.rescale_factor ?? 1 / 255);
  const normalise = config.do_normalize !== false;
  const mean = (normalise && config.image_mean) || ([0, 0, 0] as const);
  const deviation = (normalise && config.image_std) || ([1, 1, 1] as const);

  function sizeOf({ width, height }: Size): Size {
    const size = config.do_resize === false ? { width, height } : scaledSize(config, { width, height });
    if (size.width * size.height <= mostPixels) return size;
    throw new Problem("bad-input", `'/image' is ${width} x ${height} pixels, which is too long and narrow for this model`, {
      details: { field: "/image" },
    });
  }

  async function prepare(picture: Picture): Promise<Values> {
    const size = sizeOf(picture);
    const { width, height } = crop ?? size;
    // The middle; where the picture is smaller than that, black is around it.
    const [left, top] = [Math.floor((size.width - width) / 2), Math.floor((size.height - height) / 2)];
    const part = {
      left: Math.max(0, left),
      top: Math.max(0, top),
      width: Math.min(width, size.width),
      height: Math.min(height, size.height),
    };
    const { data } = scaled(await picture.pixels(size), size.width, size.height, filter, part);
    const [right, down] = [Math.max(0, -left), Math.max(0, -top)];
    const values = new Float32Array(3 * width * height);
    for (let channel = 0; channel < 3; channel++) {
      const [middle, spread] = [mean[channel] ?? 0, deviation[channel] ?? 1];
      const plane = channel * width * height;
      values.fill((0 - middle) / spread, plane, plane + width * height);
      for (let y = 0; y < part.height; y++) {
        let at = plane + (y + down) * width + right;
        let from = y * part.width * 3 + channel;
        for (let x = 0; x < part.width; x++, from += 3) values[at++] = ((data[from] ?? 0) * factor - middle) / spread;
      }
    }
    return { data: values, dims: [1, 3, height, width] };
  }

  return { sizeOf, prepare };
}

function nameOf({ image_processor_type: processor, feature_extractor_type: extractor }: PreparationConfig): string {
  return processor ?? extractor ?? "";
}

/** ConvNeXt's way, which ResNet uses too: scaled a little larger than wanted, and the middle of that is taken. */
function marginOf(config: PreparationConfig): { readonly edge: number; readonly share: number } | undefined {
  if (!nameOf(config).startsWith("ConvNext")) return undefined;
  const edge = typeof config.size === "object" && "shortest_edge" in config.size ? config.size.shortest_edge : config.size;
  return typeof edge === "number" && edge < 384 ? { edge, share: config.crop_pct ?? 224 / 256 } : undefined;
}

function cropOf(config: PreparationConfig): Size | undefined {
  const margin = marginOf(config);
  if (margin) return { width: margin.edge, height: margin.edge };
  const { do_center_crop: wanted, crop_size: size } = config;
  if (!wanted || !size) return undefined;
  return typeof size === "number" ? { width: size, height: size } : size;
}

/** Where a size is one number, these make a square of it, and the others the shorter side. */
const square = /^(?:ViT|DeiT|Beit|ConvNext)/;

function scaledSize(config: PreparationConfig, picture: Size): Size {
  const { size } = config;
  if (size === undefined) return picture;
  const margin = marginOf(config);
  if (margin) return byShorterSide(picture, Math.trunc(margin.edge / margin.share));
  if (typeof size === "number") {
    return square.test(nameOf(config)) ? { width: size, height: size } : byShorterSide(picture, size, config.max_size);
  }
  if ("height" in size) return { width: size.width, height: size.height };
  const { shortest_edge: shorter, longest_edge: longest } = size;
  return square.test(nameOf(config)) ? { width: shorter, height: shorter } : byShorterSide(picture, shorter, longest ?? config.max_size);
}

/** The shorter side gets this length, or less where the longer one would get more than it may. */
function byShorterSide({ width, height }: Size, wanted: number, longest?: number | null): Size {
  const [short, long] = width < height ? [width, height] : [height, width];
  const most = longest ? (longest * short) / long : Infinity;
  const shorter = Math.max(1, wanted > most ? Math.round(most) : wanted);
  const longer = Math.max(1, Math.trunc((Math.min(wanted, most) * long) / short));
  return width < height ? { width: shorter, height: longer } : { width: longer, height: shorter };
}
