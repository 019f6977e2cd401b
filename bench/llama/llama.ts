import { rmSync } from "node:fs";
import { join } from "node:path";
import { startPeer } from "../peer.ts";
import { createRandom, textOf } from "../random.ts";
import { emptySamples, inRounds, pairs } from "../rounds.ts";
import type { Row, Suite } from "../suite.ts";
import type { Generated, Generation, GeneratorCommands, GeneratorOptions } from "./bare-generator.ts";
import { halfBillion, tiny, writeRandomGguf } from "./random-gguf.ts";

const models = { "0.5B": halfBillion, "no work": tiny } as const;
const cases = {
  "0.5B, 1 at once": { model: "0.5B", atOnce: 1, texts: 8, tokens: 32 },
  "0.5B, 4 at once": { model: "0.5B", atOnce: 4, texts: 8, tokens: 32 },
  "0.5B, 8 at once": { model: "0.5B", atOnce: 8, texts: 8, tokens: 32 },
  "no work, 1 at once": { model: "no work", atOnce: 1, texts: 16, tokens: 128 },
  "no work, 8 at once": { model: "no work", atOnce: 8, texts: 16, tokens: 128 },
} as const;
type Case = keyof typeof cases;
const caseNames = Object.keys(cases) as Case[];
const variants = ["ganglion", "bare"] as const;
type Variant = (typeof variants)[number];

/**
 * Tokens per CPU-second of our engine, child process and channel included, against bare node-llama-cpp on the same file; and with a model
 * that has next to nothing to compute, what a token costs beside its model.
 */
export const llama: Suite = async ({ folder, rounds, quick, profile, progress }) => {
  const random = createRandom(11);
  const generationOf = (one: Case): Generation => {
    const { atOnce, texts, tokens } = cases[one];
    return { texts: Array.from({ length: texts }, () => textOf(random, 24)), tokens: quick ? 4 : tokens, atOnce };
  };

  const all = emptySamples<Variant, Case, Generated>(caseNames, variants);
  for (const [name, shape] of Object.entries(models)) {
    const path = join(folder, "random.gguf");
    progress("llama: writing a model");
    writeRandomGguf(path, quick ? tiny : shape);
    const given: GeneratorOptions = { path, threads: 1, sequences: 8, contextTokens: 512 };
    const peers = {
      ganglion: await startPeer<GeneratorCommands>("our-generator.js", given, { profile }),
      bare: await startPeer<GeneratorCommands>("bare-generator.js", given, { profile }),
    };
    const ofModel = caseNames.filter((one) => cases[one].model === name);
    // Loads the model, compiles the code, and reads the file into the memory of the system.
    for (const variant of variants) {
      for (const one of ofModel)
        await peers[variant].ask("generate", { ...generationOf(one), ...(shape === halfBillion && { tokens: 1 }) });
    }

    // In a round both variants get the same texts, and each round has new ones: nobody shall find a prompt in a cache.
    let asked: Generation | undefined;
    let last: Case | undefined;
    const samples = await inRounds(rounds, ofModel, variants, async (one, variant) => {
      if (one !== last || !asked) asked = generationOf(one);
      last = one;
      progress(`llama: ${one}, ${variant}`);
      const made = await peers[variant].ask("generate", asked);
      const expected = asked.tokens * asked.texts.length;
      if (made.answer !== expected) throw new Error(`${made.answer} tokens instead of ${expected}`);
      return made;
    });
    Object.assign(all, samples);
    for (const variant of variants) await peers[variant].end();
    rmSync(path);
  }
  const rows = caseNames.flatMap((one) => (cases[one].model === "0.5B" ? rowsOf : rowsWithoutWork)(one, all[one].ganglion, all[one].bare));
  return { rows, samples: all };
};

function rowsWithoutWork(of: Case, ours: readonly Generated[], bare: readonly Generated[]): Row[] {
  const perToken = ({ answer, cpuSeconds }: Generated) => (cpuSeconds * 1e6) / answer;
  return [{ of, what: "added CPU per token", unit: "us", rounds: pairs(ours, bare, (a, b) => perToken(a) - perToken(b)) }];
}

function rowsOf(of: Case, ours: readonly Generated[], bare: readonly Generated[]): Row[] {
  const perCpuSecond = ({ answer, cpuSeconds }: Generated) => answer / cpuSeconds;
  const perSecond = ({ answer, seconds }: Generated) => answer / seconds;
  return [
    {
      of,
      what: "tokens per CPU-second / bare node-llama-cpp",
      unit: "",
      rounds: pairs(ours, bare, (a, b) => perCpuSecond(a) / perCpuSecond(b)),
      target: { least: 0.95 },
    },
    { of, what: "tokens per second / bare node-llama-cpp", unit: "", rounds: pairs(ours, bare, (a, b) => perSecond(a) / perSecond(b)) },
    { of, what: "prompt tokens / bare node-llama-cpp", unit: "", rounds: pairs(ours, bare, (a, b) => a.prompt / b.prompt) },
  ];
}
