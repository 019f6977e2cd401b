import { imageUsage, Problem, type TextToImageInput, type Usage } from "../../../core/index.ts";
import type { DiffusionModel } from "./diffusion-model.ts";
import { samplerOf, type Sampler } from "./sampler.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What will be done for a call. */
export interface Plan {
  /** Of the picture that is drawn, in pixels. */
  readonly drawn: Size;
  /** Of the picture that is given: another one only where the model draws one small size. */
  readonly given: Size;
  /** Pixels of the picture for one of the latents, along a side. */
  readonly scale: number;
  readonly latent: Size;
  /** How much of a given picture is made anew. */
  readonly strength: number;
  readonly sampler: Sampler;
  /** How many times further away from "nothing said" than the network's own idea of the prompt; 1 is that idea. */
  readonly guidance: number;
  /** The network knows guidance by itself, as distilled ones do, and is told; else it is asked twice in each step. */
  readonly guidanceIsTold: boolean;
  readonly usage: Usage;
}

/**
 * @param image the size of the picture to begin from
 * @throws Problem bad-input for what this model cannot do
 */
export function planOf(input: TextToImageInput, model: DiffusionModel, image: Size | undefined): Plan {
  const { folder, unet } = model;
  const scale = 2 ** (folder.vae.block_out_channels.length - 1);
  const { drawn, given } = sizesOf(input, model, scale, image);
  const fewSteps = folder.schedule._class_name.startsWith("LCM");
  const guidanceIsTold = unet.inputs.has("timestep_cond");
  const count = input.num_steps ?? folder.own.steps ?? (fewSteps ? 4 : 20);
  const strength = image ? (input.strength ?? 1) : 1;
  const sampler = samplerOf(folder.schedule, count, strength);
  return {
    drawn,
    given,
    scale,
    latent: { width: drawn.width / scale, height: drawn.height / scale },
    strength,
    sampler,
    guidance: input.guidance ?? folder.own.guidance ?? (fewSteps ? (guidanceIsTold ? 8.5 : 2) : 7.5),
    guidanceIsTold,
    usage: imageUsage(given.width, given.height, sampler.steps.length, image && given),
  };
}

function sizesOf(
  input: TextToImageInput,
  { folder, unet }: DiffusionModel,
  scale: number,
  image: Size | undefined,
): { drawn: Size; given: Size } {
  const [, , rows, columns] = unet.inputs.get("sample") ?? [];
  if (rows !== undefined && columns !== undefined) {
    const drawn = { width: columns * scale, height: rows * scale };
    const given = { width: input.width ?? drawn.width, height: input.height ?? drawn.height };
    if (!folder.own.enlarge)
      refuseUnless(given.width === drawn.width && given.height === drawn.height, input, `${sizeText(drawn)} pixels and no other size`);
    return { drawn, given };
  }
  const side = (folder.unet.sample_size ?? 64) * scale;
  // The network halves its picture again and again, and puts it together again the same way.
  const grain = scale * 2 ** (folder.unet.block_out_channels.length - 1);
  const { width, height } = image ? alike(image, side, grain) : { width: side, height: side };
  const size = { width: input.width ?? width, height: input.height ?? height };
  const most = (side * 3) / 2;
  refuseUnless(
    size.width % grain === 0 && size.height % grain === 0 && size.width * size.height <= most * most,
    input,
    `sides that are multiples of ${grain}, together at most ${sizeText({ width: most, height: most })} pixels, and best ${sizeText({ width: side, height: side })}`,
  );
  return { drawn: size, given: size };
}

function sizeText({ width, height }: Size): string {
  return `${width} x ${height}`;
}

function refuseUnless(fits: boolean, { width }: TextToImageInput, sizes: string): void {
  if (fits) return;
  const field = width === undefined ? "/height" : "/width";
  throw new Problem("bad-input", `'${field}' does not fit this model: it draws ${sizes}`, { details: { field } });
}

/** A size of the form of a picture, whose longer side is the one that the model was made for. */
function alike({ width, height }: Size, side: number, grain: number): Size {
  const longer = Math.max(width, height);
  const fit = (length: number) => Math.max(grain, Math.round((length / longer) * (side / grain)) * grain);
  return { width: fit(width), height: fit(height) };
}
