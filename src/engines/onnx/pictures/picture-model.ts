import { join } from "node:path";
import * as z from "zod";
import { Problem, type Media, type ModelCard } from "../../../core/index.ts";
import { openPicture } from "../../../media/index.ts";
import { openGraph, type Made } from "../graph.ts";
import { filesOf, missing, unreadable } from "../model-files.ts";
import { createTurns } from "../turns.ts";
import type { Loaded, Loader, LoadOptions } from "../work.ts";
import { createPreparation, preparationSchema } from "./preparation.ts";

/** A model that looks at one picture, in memory. */
export interface PictureModel extends Loaded {
  readonly config: z.output<typeof configSchema>;
  /**
   * Reads the head of a picture.
   *
   * @throws Problem bad-input for what this model cannot look at
   */
  open(image: Media): Promise<OpenPicture>;
}

export interface OpenPicture {
  readonly width: number;
  readonly height: number;
  /** What the graph makes of the picture. @throws Problem bad-input for a damaged one */
  look(outputs: readonly string[], signal: AbortSignal): Promise<Readonly<Record<string, Made>>>;
}

const configSchema = z.looseObject({
  id2label: z.record(z.string(), z.string()).optional(),
  problem_type: z.string().nullish(),
});

/** A folder as transformers.js and Hugging Face's exporters lay it out: onnx/model.onnx, preprocessor_config.json, config.json. */
export const pictureModels: Loader<PictureModel> = { make: "picture", load };

async function load(card: ModelCard, { threads }: LoadOptions): Promise<PictureModel> {
  const files = filesOf(card);
  const file = (await files.graph("onnx/model")) ?? (await files.graph("model"));
  const preprocessor = await files.json("preprocessor_config.json", preparationSchema);
  if (file === undefined || !preprocessor) {
    const absent = [...(file === undefined ? ["onnx/model.onnx"] : []), ...(preprocessor ? [] : ["preprocessor_config.json"])];
    throw missing(card.name, absent, "onnx/model.onnx, preprocessor_config.json and config.json");
  }
  const config = (await files.json("config.json", configSchema)) ?? {};
  const { sizeOf, prepare } = createPreparation(preprocessor);
  const graph = await openGraph(join(files.path, file), threads).catch((thrown: unknown) => {
    throw unreadable(card.name, file, thrown);
  });
  const turns = createTurns();
  const [, maskHeight = 64, maskWidth = 64] = graph.inputs.get("pixel_mask") ?? [];
  // Of the form of DETR, where pictures of a batch may have different sizes; a picture alone is all picture.
  const pixel_mask = { data: new Uint8Array(maskHeight * maskWidth).fill(1), dims: [1, maskHeight, maskWidth] };

  async function open(image: Media): Promise<OpenPicture> {
    const picture = await openPicture(image, "/image");
    sizeOf(picture);
    // Read and computed in one turn, so that of many pictures that wait only one is unfolded.
    const look = (outputs: readonly string[], signal: AbortSignal) =>
      turns.take(async () => {
        const pixel_values = await prepare(picture);
        signal.throwIfAborted();
        return graph.run({ pixel_values, pixel_mask }, outputs);
      }, signal);
    return { width: picture.width, height: picture.height, look };
  }

  return { config, bytes: await files.bytes(file), open, release: () => graph.release() };
}

/** @throws Problem engine-failed where the graph made no such output, or numbers that are none */
export function numbersOf(made: Readonly<Record<string, Made>>, name: string, model: string): Made {
  const output = made[name];
  if (output && output.data.length > 0 && output.data.every(Number.isFinite)) return output;
  throw new Problem("engine-failed", `${model} made numbers that are none; its file may be damaged`);
}
