import * as z from "zod";
import { Problem } from "../../../core/index.ts";

/** A scheduler_config.json as diffusers writes it. What is absent is as in Stable Diffusion. */
export const scheduleSchema = z.looseObject({
  _class_name: z.string().default("DDIMScheduler"),
  num_train_timesteps: z.int().min(1).max(100_000).default(1000),
  beta_start: z.number().default(0.00085),
  beta_end: z.number().default(0.012),
  beta_schedule: z.string().default("scaled_linear"),
  prediction_type: z.enum(["epsilon", "v_prediction", "sample"]).default("epsilon"),
  timestep_spacing: z.enum(["leading", "trailing", "linspace"]).optional(),
  steps_offset: z.int().min(0).default(0),
  set_alpha_to_one: z.boolean().default(true),
  rescale_betas_zero_snr: z.boolean().nullish(),
  original_inference_steps: z.int().min(1).default(50),
  timestep_scaling: z.number().default(10),
});

export type Schedule = z.output<typeof scheduleSchema>;

/** Of each moment of training, from clear to noise, the share of the picture in what the network saw: the squares of picture and noise add up to 1. */
export function sharesOf({ num_train_timesteps: all, beta_start: first, beta_end: last, ...schedule }: Schedule): Float64Array {
  if (schedule.rescale_betas_zero_snr) throw unknown("rescale_betas_zero_snr");
  const betaAt: Readonly<Record<string, (part: number) => number>> = {
    linear: (part) => first + (last - first) * part,
    scaled_linear: (part) => (Math.sqrt(first) + (Math.sqrt(last) - Math.sqrt(first)) * part) ** 2,
  };
  const beta = betaAt[schedule.beta_schedule];
  if (!beta) throw unknown(`the beta_schedule ${schedule.beta_schedule}`);
  let share = 1;
  return Float64Array.from({ length: all }, (_, i) => (share *= 1 - beta(all === 1 ? 0 : i / (all - 1))));
}

function unknown(what: string): Problem {
  return new Problem("engine-failed", `scheduler/scheduler_config.json asks for ${what}, which this engine does not know`);
}

type Spacing = NonNullable<Schedule["timestep_spacing"]>;

/** The moments of `count` steps, from noise to clear; of `linspace` they are fractions. */
export function momentsOf({ num_train_timesteps: all, steps_offset: offset }: Schedule, spacing: Spacing, count: number): number[] {
  const each = (moment: (i: number) => number) => Array.from({ length: count }, (_, i) => moment(i));
  switch (spacing) {
    case "leading":
      return each((i) => (count - 1 - i) * Math.max(1, Math.floor(all / count)) + offset);
    case "trailing":
      return each((i) => Math.round(all - (i * all) / count) - 1);
    case "linspace":
      return each((i) => (count === 1 ? 0 : ((count - 1 - i) * (all - 1)) / (count - 1)));
  }
}
