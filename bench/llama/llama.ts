import { rmSync } from "node:fs";
import { join } from "node:path";
import { startPeer } from "../peer.ts";
import { createRandom, textOf } from "../random.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Row, Suite } from "../suite.ts";
import type { Generated, Generation, GeneratorCommands, GeneratorOptions } from "./bare-generator.ts";
import { halfBillion, tiny, writeRandomGguf } from "./random-gguf.ts";

const cases = { "1 at once": 1, "4 at once": 4, "8 at once": 8 } as const;
type Case = keyof typeof cases;
const caseNames = Object.keys(cases) as Case[];
const variants = ["ganglion", "bare"] as const;

/** Tokens per CPU-second of our engine, child process and channel included, against bare node-llama-cpp on the same file. */
export const llama: Suite = async ({ folder, rounds, quick, profile, progress }) => {
  const path = join(folder, "random.gguf");
  progress("llama: writing a model");
  writeRandomGguf(path, quick ? tiny : halfBillion);
  const given: GeneratorOptions = { path, threads: 1, sequences: 8, contextTokens: 512 };
  const peers = {
    ganglion: await startPeer<GeneratorCommands>("our-generator.js", given, { profile }),
    bare: await startPeer<GeneratorCommands>("bare-generator.js", given, { profile }),
  };
  const random = createRandom(11);
  const generationOf = (atOnce: number): Generation => ({
    texts: Array.from({ length: 8 }, () => textOf(random, 24)),
    tokens: quick ? 4 : 32,
    atOnce,
  });
  // Loads the models, and reads the file into the memory of the system.
  for (const variant of variants) await peers[variant].ask("generate", { ...generationOf(8), tokens: 1 });

  // In a round both variants get the same texts, and each round has new ones: nobody shall find a prompt in a cache.
  let asked = generationOf(1);
  let last: Case | undefined;
  const samples = await inRounds(rounds, caseNames, variants, async (one, variant) => {
    if (one !== last) asked = generationOf(cases[one]);
    last = one;
    progress(`llama: ${one}, ${variant}`);
    const made = await peers[variant].ask("generate", asked);
    if (made.answer !== asked.tokens * asked.texts.length)
      throw new Error(`${made.answer} tokens instead of ${asked.tokens * asked.texts.length}`);
    return made;
  });
  for (const variant of variants) await peers[variant].end();
  rmSync(path);
  return { rows: caseNames.flatMap((one) => rowsOf(one, samples[one].ganglion, samples[one].bare)), samples };
};

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
