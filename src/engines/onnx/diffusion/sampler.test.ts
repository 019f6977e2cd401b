import { describe, expect, it } from "vitest";
import { createNoise } from "./noise.ts";
import { momentsOf, scheduleSchema, sharesOf } from "./noise-schedule.ts";
import { mixed, samplerOf, split, type Sampler } from "./sampler.ts";

// The expected numbers are worked out here from the formulas of the papers, number by number and not as the code does it; or they are
// printed in a paper, or follow from one: a process whose solution is known.

const schedule = (changes: object = {}) => scheduleSchema.parse(changes);
const floats = (...values: number[]) => Float32Array.from(values);

describe("the noise of Stable Diffusion", () => {
  it("leaves at its end what Lin et al. found there (arXiv 2305.08891, table 1)", () => {
    const last = sharesOf(schedule()).at(-1) ?? 0;
    expect(Math.sqrt(last)).toBeCloseTo(0.068265, 6);
    expect(last / (1 - last)).toBeCloseTo(0.004682, 6);
  });

  it("is the product of what each moment leaves (Ho, Jain, Abbeel, arXiv 2006.11239)", () => {
    const shares = sharesOf(schedule({ beta_schedule: "linear", beta_start: 0.1, beta_end: 0.4, num_train_timesteps: 4 }));
    [0.9, 0.9 * 0.8, 0.9 * 0.8 * 0.7, 0.9 * 0.8 * 0.7 * 0.6].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 12));
  });

  it("is refused where it is of a kind that is not known", () => {
    expect(() => sharesOf(schedule({ beta_schedule: "squaredcos_cap_v2" }))).toThrow("squaredcos_cap_v2, which this engine does not know");
    expect(() => sharesOf(schedule({ rescale_betas_zero_snr: true }))).toThrow("rescale_betas_zero_snr");
  });
});

describe("the moments of ten steps are those of Lin et al. (arXiv 2305.08891, table 2)", () => {
  // There moments count from 1, here from 0.
  it.each([
    ["leading", [901, 801, 701, 601, 501, 401, 301, 201, 101, 1]],
    ["linspace", [1000, 889, 778, 667, 556, 445, 334, 223, 112, 1]],
    ["trailing", [1000, 900, 800, 700, 600, 500, 400, 300, 200, 100]],
  ] as const)("%s", (spacing, expected) => {
    expect(momentsOf(schedule(), spacing, 10).map((moment) => Math.round(moment) + 1)).toEqual(expected);
  });

  it("and one later with Stable Diffusion's offset", () => {
    expect(momentsOf(schedule({ steps_offset: 1 }), "leading", 4)).toEqual([751, 501, 251, 1]);
  });
});

/** Goes all the way with a network that is a formula. */
function follow(sampler: Sampler, start: Float32Array, network: (latents: Float32Array, share: number) => Float32Array): Float32Array {
  return sampler.steps.reduce((latents, step) => {
    const { clean, noise } = split(latents, network(latents, step.share), step.share, "epsilon");
    return sampler.after(step, latents, clean, noise, () => new Float32Array(latents.length));
  }, start);
}

const ways = [
  ["DDIM", { _class_name: "DDIMScheduler", steps_offset: 1 }],
  ["DDIM, trailing", { _class_name: "DDIMScheduler", timestep_spacing: "trailing" }],
  ["Euler", { _class_name: "EulerDiscreteScheduler" }],
  ["Euler, leading", { _class_name: "EulerDiscreteScheduler", timestep_spacing: "leading", steps_offset: 1 }],
  ["what else there is", { _class_name: "PNDMScheduler", steps_offset: 1 }],
] as const;

describe.each(ways)("%s", (_, config) => {
  it("comes to the picture when the network knows the noise", () => {
    const sampler = samplerOf(schedule(config), 13, 1);
    const [picture, noise] = [floats(0.3, -1.2, 0.9), floats(1.5, 0.2, -0.7)];
    const end = follow(sampler, mixed(picture, noise, sampler.steps[0]?.share ?? 0), () => noise);
    end.forEach((value, i) => expect(value).toBeCloseTo(picture[i] ?? 0, 4));
  });

  // Of pictures that are normally distributed with the deviation s, the best network is a straight line, and the differential equation
  // that the steps follow keeps a latent at the same multiple of its deviation, sqrt(share s^2 + 1 - share): Song et al., arXiv 2011.13456.
  it("follows the equation whose solution is known, the more closely the more steps it has", () => {
    const s = 0.4;
    const deviation = (share: number) => Math.sqrt(share * s * s + 1 - share);
    const network = (latents: Float32Array, share: number) => latents.map((x) => (Math.sqrt(1 - share) * x) / deviation(share) ** 2);
    const errors = [10, 100, 500].map((count) => {
      const sampler = samplerOf(schedule(config), count, 1);
      const start = sampler.steps[0]?.share ?? 0;
      const [end = 0] = follow(sampler, floats(2 * deviation(start)), network);
      return Math.abs(end - 2 * s) / s;
    });
    expect(errors[1]).toBeLessThan((errors[0] ?? 0) / 4);
    expect(errors[2]).toBeLessThan((errors[1] ?? 0) / 2);
    expect(errors[2]).toBeLessThan(0.03);
  });

  it("does only the last steps where a picture is given, and at least one", () => {
    const whole = samplerOf(schedule(config), 20, 1).steps;
    expect(samplerOf(schedule(config), 20, 0.31).steps).toEqual(whole.slice(-6));
    expect(samplerOf(schedule(config), 20, 0).steps).toEqual(whole.slice(-1));
  });
});

describe("a step of DDIM", () => {
  it("is the one of Song, Meng, Ermon (arXiv 2010.02502, equation 12)", () => {
    const sampler = samplerOf(schedule({ steps_offset: 1 }), 20, 1);
    const step = sampler.steps[3];
    if (!step) throw new Error("no step");
    // The moments 801 and 751: shares by the sum of logarithms instead of the product.
    const share = (moment: number) => {
      let sum = 0;
      for (let i = 0; i <= moment; i++) sum += Math.log1p(-((Math.sqrt(0.00085) * (1 - i / 999) + Math.sqrt(0.012) * (i / 999)) ** 2));
      return Math.exp(sum);
    };
    expect([step.moment, step.share, step.next]).toEqual([801, expect.closeTo(share(801), 12), expect.closeTo(share(751), 12)]);
    const [x, e] = [0.7, -0.4];
    const predicted = (x - Math.sqrt(1 - share(801)) * e) / Math.sqrt(share(801));
    const expected = Math.sqrt(share(751)) * predicted + Math.sqrt(1 - share(751)) * e;
    const { clean, noise } = split(floats(x), [e], step.share, "epsilon");
    expect(sampler.after(step, floats(x), clean, noise, floats)[0]).toBeCloseTo(expected, 5);
  });

  it("ends without noise, or with the first moment's where the model was trained so", () => {
    expect(samplerOf(schedule({ steps_offset: 1 }), 20, 1).steps.at(-1)?.next).toBe(1);
    expect(samplerOf(schedule({ steps_offset: 1, set_alpha_to_one: false }), 20, 1).steps.at(-1)?.next).toBeCloseTo(1 - 0.00085, 12);
  });
});

describe("a step of Euler", () => {
  it("is the one of Karras et al. (arXiv 2206.00364, algorithm 1 without churn), where latents are a picture plus noise", () => {
    const config = schedule({ _class_name: "EulerDiscreteScheduler" });
    const { steps, start, after } = samplerOf(config, 7, 1);
    const shares = sharesOf(config);
    const sigma = (moment: number) => {
      const [low, high] = [Math.floor(moment), Math.ceil(moment)].map((i) => Math.sqrt((1 - (shares[i] ?? 0)) / (shares[i] ?? 1)));
      return (low ?? 0) + ((high ?? 0) - (low ?? 0)) * (moment - Math.floor(moment));
    };
    const sigmas = [...Array.from({ length: 7 }, (_, i) => sigma(999 - (999 / 6) * i)), 0];
    const network = (x: number) => 0.3 * x + 0.1; // the noise that it sees in the scaled latent

    let theirs = (sigmas[0] ?? 0) * 1.1; // noise of 1.1 at the largest sigma
    let ours: Float32Array = floats(1.1 * start);
    steps.forEach((step, i) => {
      const [now = 0, then = 0] = [sigmas[i], sigmas[i + 1]];
      const scaledLatent = theirs / Math.sqrt(now ** 2 + 1);
      expect(ours[0]).toBeCloseTo(scaledLatent, 4);
      const denoised = theirs - now * network(scaledLatent);
      theirs += ((theirs - denoised) / now) * (then - now);
      const { clean, noise } = split(ours, [network(ours[0] ?? 0)], step.share, "epsilon");
      ours = after(step, ours, clean, noise, floats);
    });
    expect(ours[0]).toBeCloseTo(theirs, 4);
  });
});

describe("LCM", () => {
  const lcm = (count: number, strength = 1) => samplerOf(schedule({ _class_name: "LCMScheduler" }), count, strength);

  it("uses the moments that its distillation has trained, evenly", () => {
    expect(lcm(4).steps.map(({ moment }) => moment)).toEqual([999, 759, 499, 259]);
    expect(lcm(1).steps.map(({ moment }) => moment)).toEqual([999]);
    expect(lcm(50).steps).toHaveLength(50);
    // Of a picture that is given, the later half of what was trained, in all of its steps.
    expect(lcm(4, 0.5).steps.map(({ moment }) => moment)).toEqual([499, 379, 259, 139]);
    expect(lcm(4, 0).steps.map(({ moment }) => moment)).toEqual([19]);
  });

  it("goes to the picture at once, and back to less noise than before with new noise (Luo et al., arXiv 2310.04378, algorithm 3)", () => {
    const { steps, after } = lcm(4);
    const [first, last] = [steps[0], steps[3]];
    if (!first || !last) throw new Error("no steps");
    const fresh = floats(-1.3);
    const consistent = (moment: number, x: number, x0: number) => {
      const t = moment * 10;
      return (0.25 / (t ** 2 + 0.25)) * x + (t / Math.sqrt(0.25 + t ** 2)) * x0;
    };
    const share = sharesOf(schedule())[759] ?? 0;
    const picture = consistent(999, 0.8, 0.6);
    expect(after(first, floats(0.8), floats(0.6), floats(9), () => fresh)[0]).toBeCloseTo(
      Math.sqrt(share) * picture + Math.sqrt(1 - share) * -1.3,
      6,
    );
    expect(after(last, floats(0.8), floats(0.6), floats(9), () => fresh)[0]).toBeCloseTo(consistent(259, 0.8, 0.6), 6);
  });
});

describe("what a network predicts", () => {
  it.each([
    ["epsilon", (_x0: number, e: number) => e],
    ["sample", (x0: number) => x0],
    // Salimans, Ho, arXiv 2202.00512.
    ["v_prediction", (x0: number, e: number, share: number) => Math.sqrt(share) * e - Math.sqrt(1 - share) * x0],
  ] as const)("as %s is read as the picture and the noise", (kind, predict) => {
    const random = createNoise(1);
    for (const share of [0.05, 0.5, 0.9]) {
      const [picture, noise] = [random(4), random(4)];
      const predicted = picture.map((x0, i) => predict(x0, noise[i] ?? 0, share));
      const read = split(mixed(picture, noise, share), predicted, share, kind);
      read.clean.forEach((value, i) => expect(value).toBeCloseTo(picture[i] ?? 0, 5));
      read.noise.forEach((value, i) => expect(value).toBeCloseTo(noise[i] ?? 0, 5));
    }
  });
});
