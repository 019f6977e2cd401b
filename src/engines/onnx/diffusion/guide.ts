import type { TextToImageInput } from "../../../core/index.ts";
import type { Values } from "../graph.ts";
import type { DiffusionModel } from "./diffusion-model.ts";
import type { Plan } from "./plan.ts";
import type { Words } from "./prompt-reader.ts";
import type { Step } from "./sampler.ts";

/** What the network predicts for latents in a step, led towards the prompt and away from the negative one. */
export type Guide = (latents: Float32Array, step: Step, beside: Float32Array) => Promise<Float32Array>;

/** Source: Ho, Salimans, arXiv 2207.12598, classifier-free guidance. */
export async function createGuide(input: TextToImageInput, model: DiffusionModel, plan: Plan, signal: AbortSignal): Promise<Guide> {
  const { unet, folder } = model;
  const read = (prompt: string) => model.turns.take(() => model.readPrompt(prompt), signal);
  const said = await read(input.prompt);
  const asks = [said];
  if (plan.guidance > 1 && !plan.guidanceIsTold) {
    const unsaid = input.negative_prompt ?? "";
    asks.unshift(unsaid === "" && folder.nothingIsZero ? nothingLike(said) : await read(unsaid));
  }
  const [shape, moment] = [unet.inputs.get("sample"), unet.inputs.get("timestep")];
  const [made = ""] = unet.outputs;

  async function ask(words: readonly Words[], latents: Float32Array, step: Step, beside: Float32Array): Promise<Float32Array> {
    const count = words.length;
    const given: Record<string, Values> = {
      sample: {
        data: repeated(joined([latents, beside]), count),
        dims: [count, (latents.length + beside.length) / (plan.latent.width * plan.latent.height), plan.latent.height, plan.latent.width],
      },
      timestep: moment?.length === 0 ? { data: [step.moment], dims: [] } : each([step.moment], moment?.[0] ?? count),
      encoder_hidden_states: batchOf(words.map(({ states }) => states)),
      // SDXL's: the size of the original, where it was cropped, and the size that is wanted.
      time_ids: each([plan.drawn.height, plan.drawn.width, 0, 0, plan.drawn.height, plan.drawn.width], count),
      timestep_cond: each(guidanceWave(plan.guidance, unet.inputs.get("timestep_cond")?.[1] ?? 256), count),
    };
    const pooled = words.flatMap((one) => (one.pooled ? [one.pooled] : []));
    if (pooled.length > 0) given["text_embeds"] = batchOf(pooled);
    return (await unet.run(given, [made]))[made]?.data ?? new Float32Array();
  }

  return async (latents, step, beside) => {
    const together = shape?.[0] !== 1;
    const answers = together
      ? await ask(asks, latents, step, beside)
      : joined([
          await ask(asks.slice(0, 1), latents, step, beside),
          ...(asks.length > 1 ? [await ask(asks.slice(1), latents, step, beside)] : []),
        ]);
    if (asks.length === 1) return answers;
    const own = answers.subarray(latents.length);
    return latents.map((_, i) => (answers[i] ?? 0) + plan.guidance * ((own[i] ?? 0) - (answers[i] ?? 0)));
  };
}

function nothingLike({ states, pooled }: Words): Words {
  const zeros = ({ data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] }) => ({
    data: new Float32Array(data.length),
    dims,
  });
  return { states: zeros(states), pooled: pooled && zeros(pooled) };
}

/** Distilled networks read guidance as waves. Source: Meng et al., arXiv 2210.03142; the numbers are those of diffusers. */
function guidanceWave(guidance: number, width: number): number[] {
  const half = width / 2;
  const angles = Array.from({ length: half }, (_, i) => (guidance - 1) * 1000 * Math.exp((-Math.log(10_000) * i) / (half - 1)));
  return [...angles.map(Math.sin), ...angles.map(Math.cos)];
}

function each(values: readonly number[], count: number): Values {
  return { data: repeated(values, count), dims: values.length === 1 ? [count] : [count, values.length] };
}

function repeated(values: ArrayLike<number>, count: number): Float32Array {
  const all = new Float32Array(values.length * count);
  for (let i = 0; i < count; i++) all.set(values, i * values.length);
  return all;
}

function batchOf(all: readonly { readonly data: Float32Array; readonly dims: readonly number[] }[]): Values {
  return { data: joined(all.map(({ data }) => data)), dims: [all.length, ...(all[0]?.dims.slice(1) ?? [])] };
}

function joined(all: readonly Float32Array[]): Float32Array {
  const made = new Float32Array(all.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of all) {
    made.set(one, at);
    at += one.length;
  }
  return made;
}
