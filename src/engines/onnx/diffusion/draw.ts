import { randomInt } from "node:crypto";
import { type Call, type Part, Problem, type TextToImageInput } from "../../../core/index.ts";
import { openPicture, type Picture, pngOf, scaled } from "../../../media/index.ts";
import type { Work } from "../work.ts";
import { diffusionModels, type DiffusionModel } from "./diffusion-model.ts";
import { enlarged } from "./enlarge.ts";
import { createGuide } from "./guide.ts";
import { pictureOf } from "./latents.ts";
import { createNoise } from "./noise.ts";
import { planOf } from "./plan.ts";
import { split } from "./sampler.ts";
import { repaintsOnly, startOf } from "./start.ts";

/** Pictures from words, from a picture and words, and parts of a picture: Stable Diffusion and its kin. */
export const draw: Work<"text-to-image", DiffusionModel> = { loader: diffusionModels, run };

async function* run({ input }: Call<"text-to-image">, model: DiffusionModel, signal: AbortSignal): AsyncGenerator<Part<"text-to-image">> {
  const { image, mask } = await openPictures(input, model);
  const plan = planOf(input, model, image);
  const { usage, sampler } = plan;
  yield { type: "begin", usage };

  const noise = createNoise(input.seed ?? randomInt(2 ** 47));
  const guide = await createGuide(input, model, plan, signal);
  const start = await model.turns.take(() => startOf(plan, model, image, mask, noise), signal);
  let { latents } = start;
  for (const [i, step] of sampler.steps.entries()) {
    latents = await model.turns.take(async () => {
      const predicted = await guide(latents, step, start.beside);
      const { clean, noise: seen } = split(latents, predicted, step.share, model.folder.schedule.prediction_type);
      return start.keep(
        sampler.after(step, latents, clean, seen, () => noise(latents.length)),
        step,
      );
    }, signal);
    yield { type: "delta", usage, delta: { step: i + 1, of: sampler.steps.length } };
  }
  const drawn = await model.turns.take(() => pictureOf(model, latents, plan.latent), signal);
  const { width, height } = plan.given;
  const picture = image ? scaled(drawn, width, height, "bicubic") : enlarged(drawn, width, height);
  yield { type: "end", usage, output: { image: await pngOf(picture) } };
}

/** @throws Problem bad-input for pictures that cannot be read, and for one without the other */
async function openPictures(input: TextToImageInput, model: DiffusionModel): Promise<{ image?: Picture; mask?: Picture }> {
  const repaints = repaintsOnly(model);
  const lacking = input.mask && !input.image ? "image" : repaints ? (["image", "mask"] as const).find((field) => !input[field]) : undefined;
  if (lacking) {
    const why = repaints
      ? "this model repaints a part of a picture: it needs 'image', and 'mask' that is white where to repaint"
      : "a mask is nothing without its picture";
    throw new Problem("bad-input", `required property /${lacking} is missing; ${why}`, { details: { field: `/${lacking}` } });
  }
  return {
    ...(input.image && { image: await openPicture(input.image, "/image") }),
    ...(input.mask && { mask: await openPicture(input.mask, "/mask") }),
  };
}
