import { type Picture, scaled } from "../../../media/index.ts";
import type { DiffusionModel } from "./diffusion-model.ts";
import { latentChannelsOf, latentMaskOf, latentsOf, maskOf } from "./latents.ts";
import type { Noise } from "./noise.ts";
import type { Plan } from "./plan.ts";
import { mixed, type Step } from "./sampler.ts";

/** Where a drawing begins. */
export interface Start {
  readonly latents: Float32Array;
  /** What the network reads beside the latents. */
  readonly beside: Float32Array;
  /** The latents after a step, with what must stay as it was. */
  keep(latents: Float32Array, step: Step): Float32Array;
}

export async function startOf(
  { drawn, latent, scale, sampler, strength }: Plan,
  model: DiffusionModel,
  image: Picture | undefined,
  mask: Picture | undefined,
  noise: Noise,
): Promise<Start> {
  const fresh = noise(latentChannelsOf(model) * latent.width * latent.height);
  const nothing = fresh.map((value) => value * sampler.start);
  const plain = { beside: new Float32Array(), keep: (latents: Float32Array) => latents };
  if (!image) return { latents: nothing, ...plain };

  const pixels = scaled(await image.pixels(drawn), drawn.width, drawn.height, "lanczos");
  const given = await latentsOf(model, pixels);
  const spoiled = mixed(given, fresh, sampler.steps[0]?.share ?? 0);
  if (!mask) return { latents: spoiled, ...plain };

  const fine = maskOf((await mask.transparency()) ?? (await mask.pixels(drawn)), drawn);
  const coarse = latentMaskOf(fine, scale);
  const latents = strength === 1 ? nothing : spoiled;
  if (repaintsOnly(model)) {
    const stays = await latentsOf(model, pixels, fine);
    const beside = new Float32Array(coarse.length + stays.length);
    beside.set(coarse);
    beside.set(stays, coarse.length);
    return { ...plain, latents, beside };
  }
  // A network that knows no masks is led: what stays is put back after each step, with as much noise as the rest has.
  const keep = (made: Float32Array, { next }: Step) => {
    const stays = mixed(given, fresh, next);
    return made.map((value, i) => (coarse[i % coarse.length] ? value : (stays[i] ?? 0)));
  };
  return { latents, beside: plain.beside, keep };
}

/** An inpainting network: beside the latents it reads a mask and the latents of what stays. */
export function repaintsOnly(model: DiffusionModel): boolean {
  const read = model.unet.inputs.get("sample")?.[1] ?? model.folder.unet.in_channels;
  return read === 2 * latentChannelsOf(model) + 1;
}
