import * as z from "zod";
import type { ModelCard } from "../../../core/index.ts";
import { filesOf, missing, type ModelFiles } from "../model-files.ts";
import { absentFiles } from "./clip-reader.ts";
import { scheduleSchema, type Schedule } from "./noise-schedule.ts";

/** A folder in the layout of Stable Diffusion's ONNX exports, read and checked. */
export interface DiffusionFolder {
  readonly files: ModelFiles;
  /** The files of its graphs. Without the encoder of pictures it draws from words only. */
  readonly graphs: { readonly [G in (typeof required)[number]]: string } & { readonly vae_encoder: string | undefined };
  /** One, or the two of SDXL. */
  readonly textEncoders: readonly { readonly graph: string; readonly tokenizer: string }[];
  readonly bytes: number;
  readonly schedule: Schedule;
  readonly unet: z.output<typeof unetSchema>;
  readonly vae: z.output<typeof vaeSchema>;
  /** Without a negative prompt, SDXL is told nothing at all, instead of the words of an empty one. */
  readonly nothingIsZero: boolean;
  readonly own: z.output<typeof ownSchema>;
}

const required = ["unet", "vae_decoder"] as const;

const unetSchema = z.looseObject({
  in_channels: z.int().optional(),
  sample_size: z.int().optional(),
  /** One entry for each size that the network works at; each but the last halves the one before. */
  block_out_channels: z.array(z.int()).default([320, 640, 1280, 1280]),
});
const vaeSchema = z.looseObject({
  scaling_factor: z.number().default(0.18215),
  block_out_channels: z.array(z.int()).default([128, 256, 512, 512]),
});
/** What a model of ours says of itself, where diffusers has no word for it. */
const ownSchema = z.object({
  steps: z.int().min(1).max(50).optional(),
  guidance: z.number().min(0).max(30).optional(),
  /** Draws one small size, and enlarges that to whatever is asked for. */
  enlarge: z.boolean().default(false),
});
const indexSchema = z.looseObject({ force_zeros_for_empty_prompt: z.boolean().default(false), _ganglion: ownSchema.optional() });

/**
 * @throws Problem weights-missing, which names the files that are not there
 * @throws Problem engine-failed for a file that cannot be read
 */
export async function readDiffusionFolder(card: ModelCard): Promise<DiffusionFolder> {
  const files = filesOf(card);
  const graph = (part: string) => files.graph(`${part}/model`);
  const [unet, decoder, encoder, first, second] = await Promise.all(
    ["unet", "vae_decoder", "vae_encoder", "text_encoder", "text_encoder_2"].map(graph),
  );
  const absent = [
    ...Object.entries({ text_encoder: first, unet, vae_decoder: decoder }).flatMap(([part, file]) =>
      file === undefined ? [`${part}/model.onnx`] : [],
    ),
    ...(await absentFiles(files, "tokenizer")),
    ...(second === undefined ? [] : await absentFiles(files, "tokenizer_2")),
  ];
  if (unet === undefined || decoder === undefined || first === undefined || absent.length > 0) {
    throw missing(card.name, absent, "unet, vae_decoder, vae_encoder, text_encoder, tokenizer and scheduler");
  }
  const sizes = [unet, decoder, encoder, first, second].flatMap((file) => (file === undefined ? [] : [files.bytes(file)]));
  const index = (await files.json("model_index.json", indexSchema)) ?? indexSchema.parse({});
  return {
    files,
    graphs: { unet, vae_decoder: decoder, vae_encoder: encoder },
    textEncoders: [
      { graph: first, tokenizer: "tokenizer" },
      ...(second === undefined ? [] : [{ graph: second, tokenizer: "tokenizer_2" }]),
    ],
    bytes: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0),
    schedule: (await files.json("scheduler/scheduler_config.json", scheduleSchema)) ?? scheduleSchema.parse({}),
    unet: (await files.json("unet/config.json", unetSchema)) ?? unetSchema.parse({}),
    vae: (await files.json("vae_decoder/config.json", vaeSchema)) ?? vaeSchema.parse({}),
    nothingIsZero: index.force_zeros_for_empty_prompt,
    own: index._ganglion ?? ownSchema.parse({}),
  };
}
