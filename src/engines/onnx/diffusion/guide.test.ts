import { describe, expect, it } from "vitest";
import type { Graph, Made, Values } from "../graph.ts";
import { createTurns } from "../turns.ts";
import type { DiffusionModel } from "./diffusion-model.ts";
import { createGuide } from "./guide.ts";
import type { Plan } from "./plan.ts";
import { createPromptReader, type Words } from "./prompt-reader.ts";

type Feeds = Readonly<Record<string, Values>>;

/** A graph that is a function, and keeps what it was given. */
function graphThat(
  inputs: Readonly<Record<string, readonly (number | undefined)[]>>,
  answers: (given: Feeds) => Readonly<Record<string, Made>>,
) {
  const seen: Feeds[] = [];
  const outputs = Object.keys(answers({}));
  const graph: Graph = {
    inputs: new Map(Object.entries(inputs)),
    outputs,
    async run(given, asked = outputs) {
      seen.push(given);
      return Object.fromEntries(Object.entries(answers(given)).filter(([name]) => asked.includes(name)));
    },
    release: async () => {},
  };
  return { graph, seen };
}

const made = (dims: number[], data: readonly number[]): Made => ({ dims, data: Float32Array.from(data) });
const numbers = ({ data }: Values) => Array.from(data);

describe("a prompt for SDXL", () => {
  const states = (width: number, at: number) => ({
    "hidden_states.10": made(
      [1, 2, width],
      Array.from({ length: 2 * width }, (_, i) => at + i),
    ),
  });
  const [first, second] = [
    graphThat({ input_ids: [1, 77] }, () => ({
      last_hidden_state: made([1, 2, 2], [9, 9, 9, 9]),
      pooler_output: made([1, 2], [8, 8]),
      "hidden_states.9": made([1, 2, 2], [9, 9, 9, 9]),
      ...states(2, 0),
      "hidden_states.11": made([1, 2, 2], [9, 9, 9, 9]),
    })),
    graphThat({ input_ids: [1, 77] }, () => ({
      text_embeds: made([1, 3], [7, 8, 9]),
      "hidden_states.2": made([1, 2, 3], [9, 9, 9, 9, 9, 9]),
      ...states(3, 50),
      "hidden_states.11": made([1, 2, 3], [0, 0, 0, 0, 0, 0]),
    })),
  ];
  const read = createPromptReader([
    { read: () => [1, 2], graph: first.graph },
    { read: () => [1, 3], graph: second.graph },
  ]);

  it("is read by both encoders: the states before the last layer side by side, and the second one's vector of the whole", async () => {
    const words = await read("x");
    expect(words.states.dims).toEqual([1, 2, 5]);
    expect(numbers(words.states)).toEqual([0, 1, 50, 51, 52, 2, 3, 53, 54, 55]);
    expect(words.pooled && numbers(words.pooled)).toEqual([7, 8, 9]);
    expect(second.seen[0]?.["input_ids"]).toEqual({ data: [1, 3], dims: [1, 2] });
  });

  it("is refused where an encoder was exported without its layers", async () => {
    const bare = graphThat({}, () => ({ last_hidden_state: made([1, 1, 1], [1]) }));
    const reader = createPromptReader([
      { read: () => [1], graph: bare.graph },
      { read: () => [1], graph: bare.graph },
    ]);
    await expect(reader("x")).rejects.toThrow(
      "a text encoder shows no hidden_states; export the model again with them, as SDXL needs them",
    );
  });
});

/** A guide over a network that answers with how often it was asked in this run, 1 for the first prompt and 2 for the second. */
async function guideOf(options: {
  inputs?: Record<string, (number | undefined)[]>;
  guidance: number;
  told?: boolean;
  nothingIsZero?: boolean;
  negative?: string;
}) {
  const unet = graphThat({ sample: [undefined, 4, 2, 2], timestep: [undefined], ...options.inputs }, ({ sample }) => {
    const count = sample?.dims[0] ?? 1;
    return {
      out_sample: made(
        [count, 4, 2, 2],
        Array.from({ length: 16 * count }, (_, i) => 1 + Math.floor(i / 16)),
      ),
    };
  });
  const prompts: string[] = [];
  const model = {
    unet: unet.graph,
    turns: createTurns(),
    folder: { nothingIsZero: options.nothingIsZero ?? false },
    async readPrompt(prompt: string): Promise<Words> {
      prompts.push(prompt);
      return { states: made([1, 2, 1], [prompt.length, 1]), pooled: made([1, 2], [prompt.length, 5]) };
    },
  };
  const plan = {
    drawn: { width: 16, height: 24 },
    latent: { width: 2, height: 2 },
    guidance: options.guidance,
    guidanceIsTold: options.told ?? false,
  };
  const guide = await createGuide(
    { prompt: "said", ...(options.negative !== undefined && { negative_prompt: options.negative }) },
    model as unknown as DiffusionModel, // what a guide uses of it
    plan as unknown as Plan,
    new AbortController().signal,
  );
  const latents = Float32Array.from({ length: 16 }, (_, i) => i);
  const predicted = await guide(latents, { moment: 301.6, share: 0.5, next: 1 }, new Float32Array());
  return { predicted, prompts, fed: unet.seen };
}

describe("a guide", () => {
  it("asks once with the prompt and once without, in one run, and goes on from one to the other", async () => {
    const { predicted, prompts, fed } = await guideOf({ guidance: 3 });
    expect(prompts).toEqual(["said", ""]);
    expect(fed).toHaveLength(1);
    const [given] = fed;
    expect(given?.["sample"]?.dims).toEqual([2, 4, 2, 2]);
    expect(given?.["timestep"]).toEqual({ data: Float32Array.of(301.6, 301.6), dims: [2] });
    expect(given?.["encoder_hidden_states"]).toEqual({ data: Float32Array.of(0, 1, 4, 1), dims: [2, 2, 1] });
    expect(given?.["text_embeds"]).toEqual({ data: Float32Array.of(0, 5, 4, 5), dims: [2, 2] });
    // The first answer is of the negative prompt: 1 + 3 x (2 - 1).
    expect(new Set(predicted)).toEqual(new Set([4]));
  });

  it("tells SDXL the size, uncropped", async () => {
    const { fed } = await guideOf({ guidance: 3 });
    expect(fed[0]?.["time_ids"]).toEqual({ data: Float32Array.of(24, 16, 0, 0, 24, 16, 24, 16, 0, 0, 24, 16), dims: [2, 6] });
  });

  it("asks with nothing at all instead of an empty prompt where the model was trained so", async () => {
    const { fed, prompts } = await guideOf({ guidance: 3, nothingIsZero: true });
    expect(prompts).toEqual(["said"]);
    expect(fed[0]?.["encoder_hidden_states"]?.data).toEqual(Float32Array.of(0, 0, 4, 1));
    expect(fed[0]?.["text_embeds"]?.data).toEqual(Float32Array.of(0, 0, 4, 5));
    expect((await guideOf({ guidance: 3, nothingIsZero: true, negative: "ugly" })).prompts).toEqual(["said", "ugly"]);
  });

  it("asks once where guidance is 1 or less", async () => {
    const { predicted, prompts, fed } = await guideOf({ guidance: 1, negative: "ugly" });
    expect(prompts).toEqual(["said"]);
    expect(fed[0]?.["sample"]?.dims).toEqual([1, 4, 2, 2]);
    expect(new Set(predicted)).toEqual(new Set([1]));
  });

  it("asks one after the other where the network takes one at a time", async () => {
    const { fed, predicted } = await guideOf({ guidance: 3, inputs: { sample: [1, 4, 2, 2], timestep: [] } });
    expect(fed.map(({ sample }) => sample?.dims[0])).toEqual([1, 1]);
    expect(fed[0]?.["timestep"]).toEqual({ data: [301.6], dims: [] });
    expect(new Set(predicted)).toEqual(new Set([1])); // it says 1 to both
  });

  it("tells a distilled network the guidance in waves, and asks once", async () => {
    const { fed, prompts } = await guideOf({ guidance: 8.5, told: true, inputs: { timestep_cond: [undefined, 6] } });
    expect(prompts).toEqual(["said"]);
    const angles = [7500, 7500 / 10_000 ** 0.5, 7500 / 10_000];
    expect(fed[0]?.["timestep_cond"]?.dims).toEqual([1, 6]);
    const waves = numbers(fed[0]?.["timestep_cond"] ?? made([], []));
    [...angles.map(Math.sin), ...angles.map(Math.cos)].forEach((wave, i) => expect(waves[i]).toBeCloseTo(wave, 5));
  });
});
