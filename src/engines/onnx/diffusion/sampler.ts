import { momentsOf, sharesOf, type Schedule } from "./noise-schedule.ts";

/** One step from noise towards a picture. Shares are those of the picture in the latents, as squares: what is left is noise. */
export interface Step {
  /** The moment of training that the network is told. */
  readonly moment: number;
  readonly share: number;
  /** The share afterwards; 1 is a picture without noise. */
  readonly next: number;
}

/** A way of coming from noise to a picture in a few steps. Latents have variance 1 in all steps: their squares of picture and noise add up. */
export interface Sampler {
  readonly steps: readonly Step[];
  /** By how much pure noise is scaled for the first step. */
  readonly start: number;
  /**
   * The latents after a step.
   *
   * @param clean the picture that the network sees in them, and `noise` what it sees beside it
   * @param fresh makes new noise, for ways that want some in each step
   */
  after(step: Step, latents: Float32Array, clean: Float32Array, noise: Float32Array, fresh: () => Float32Array): Float32Array;
}

/**
 * The way that a model's authors have chosen. What they chose and is not here (PNDM, DPM-Solver, ancestral and others) is done by Euler's
 * steps over the same noise: it leads to a picture of the same model too.
 *
 * @param strength how much of a given picture is made anew: only the last so many steps are done
 */
export function samplerOf(schedule: Schedule, count: number, strength: number): Sampler {
  if (schedule._class_name.startsWith("LCM")) return lcm(schedule, count, strength);
  const { steps, start } = schedule._class_name.startsWith("DDIM") ? ddim(schedule, count) : euler(schedule, count);
  const done = Math.max(1, Math.min(count, Math.trunc(count * strength)));
  return { steps: steps.slice(count - done), start, after: straight };
}

/** The picture that the network sees and the noise beside it, mixed anew. Source: Song, Meng, Ermon, arXiv 2010.02502, equation 12 without new noise. */
function straight({ next }: Step, _latents: Float32Array, clean: Float32Array, noise: Float32Array): Float32Array {
  return mixed(clean, noise, next);
}

/** So much of a picture and so much noise that the variance is 1. */
export function mixed(picture: Float32Array, noise: Float32Array, share: number): Float32Array {
  const [much, rest] = [Math.sqrt(share), Math.sqrt(1 - share)];
  return picture.map((value, i) => much * value + rest * (noise[i] ?? 0));
}

/** The picture in latents and the noise in them, out of what the network predicts. */
export function split(
  latents: Float32Array,
  predicted: ArrayLike<number>,
  share: number,
  kind: Schedule["prediction_type"],
): { clean: Float32Array; noise: Float32Array } {
  const [much, rest] = [Math.sqrt(share), Math.sqrt(1 - share)];
  const at = (i: number) => predicted[i] ?? 0;
  switch (kind) {
    case "epsilon":
      return { clean: latents.map((value, i) => (value - rest * at(i)) / much), noise: Float32Array.from(latents, (_, i) => at(i)) };
    case "v_prediction":
      return {
        clean: latents.map((value, i) => much * value - rest * at(i)),
        noise: latents.map((value, i) => much * at(i) + rest * value),
      };
    case "sample":
      return { clean: Float32Array.from(latents, (_, i) => at(i)), noise: latents.map((value, i) => (value - much * at(i)) / rest) };
  }
}

interface Way {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** @param last the share after the last step */
function stepsAt(moments: readonly number[], shareAt: (moment: number) => number, last = 1): Step[] {
  return moments.map((moment, i) => {
    const following = moments[i + 1];
    return { moment, share: shareAt(moment), next: following === undefined ? last : shareAt(following) };
  });
}

function ddim(schedule: Schedule, count: number): Way {
  const shares = sharesOf(schedule);
  const moments = momentsOf(schedule, schedule.timestep_spacing ?? "leading", count).map(Math.round);
  return { steps: stepsAt(moments, (moment) => shares[moment] ?? 1, schedule.set_alpha_to_one ? 1 : shares[0]), start: 1 };
}

/**
 * Euler's method for the differential equation of Karras et al., arXiv 2206.00364, algorithm 1 without churn. There latents are a picture
 * plus noise of the deviation sigma; here they are divided by sqrt(1 + sigma^2), which makes its step the one of `straight`.
 */
function euler(schedule: Schedule, count: number): Way {
  const shares = sharesOf(schedule);
  const ofItself = /^(?:Euler|LMS|DPM|Heun|KDPM)/.test(schedule._class_name) ? "linspace" : "leading";
  const spacing = schedule.timestep_spacing ?? ofItself;
  const sigmaOf = (i: number) => Math.sqrt(1 / (shares[Math.min(i, shares.length - 1)] ?? 1) - 1);
  const shareAt = (moment: number) => {
    const [before, part] = [Math.floor(moment), moment % 1];
    const sigma = sigmaOf(before) * (1 - part) + sigmaOf(before + 1) * part;
    return 1 / (1 + sigma * sigma);
  };
  const steps = stepsAt(momentsOf(schedule, spacing, count), shareAt);
  // With the last moment of training among the steps, there is no noise beyond it to add up to 1.
  return { steps, start: spacing === "leading" ? 1 : Math.sqrt(1 - (steps[0]?.share ?? 0)) };
}

/** Source: Luo et al., arXiv 2310.04378, algorithm 3 and section 4.2; the moments are those that distillation has trained. */
function lcm(schedule: Schedule, count: number, strength: number): Sampler {
  const shares = sharesOf(schedule);
  const { original_inference_steps: trained, timestep_scaling: scaling } = schedule;
  const stride = Math.floor(shares.length / trained);
  const known = Array.from({ length: Math.max(1, Math.trunc(trained * strength)) }, (_, i) => (i + 1) * stride - 1).toReversed();
  const used = Math.min(count, known.length);
  const moments = Array.from({ length: used }, (_, i) => known[Math.floor((i * known.length) / used)] ?? 0);
  const steps = stepsAt(moments, (moment) => shares[moment] ?? 1);

  function after({ moment, next }: Step, latents: Float32Array, clean: Float32Array, _noise: Float32Array, fresh: () => Float32Array) {
    const time = (moment * scaling) / deviation;
    const kept = 1 / (time * time + 1);
    const taken = time / Math.sqrt(time * time + 1);
    const picture = clean.map((value, i) => taken * value + kept * (latents[i] ?? 0));
    return next === 1 ? picture : mixed(picture, fresh(), next);
  }

  return { steps, start: 1, after };
}

/** Of the data, as consistency models assume it. */
const deviation = 0.5;
