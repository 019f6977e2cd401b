import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startPeer } from "../peer.ts";
import { createRandom, textOf } from "../random.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Row, Suite } from "../suite.ts";
import type { Batches, Embedded, EmbedderCommands, EmbedderOptions } from "./bare-embedder.ts";
import { bgeSmall, tinyBert, writeRandomBert } from "./random-bert.ts";

const cases = { "batch of 1": 1, "batch of 8": 8, "batch of 32": 32 } as const;
type Case = keyof typeof cases;
const caseNames = Object.keys(cases) as Case[];
const variants = ["ganglion", "bare"] as const;

/** Texts per second of our engine, child process and channel included, against the bare session on the same graph. */
export const onnx: Suite = async ({ folder: parent, rounds, quick, profile, progress }) => {
  const folder = mkdtempSync(join(parent, "bert-"));
  progress("onnx: writing a model");
  writeRandomBert(folder, quick ? tinyBert : bgeSmall);
  const given: EmbedderOptions = { folder, threads: 1 };
  const peers = {
    ganglion: await startPeer<EmbedderCommands>("our-embedder.js", given, { profile }),
    bare: await startPeer<EmbedderCommands>("bare-embedder.js", given, { profile }),
  };
  const random = createRandom(13);
  // From 4 to 128 words, as many from 4 to 8 as from 64 to 128: queries beside paragraphs.
  const texts = Array.from({ length: quick ? 32 : 64 }, () => textOf(random, Math.round(4 * 32 ** random.number())));
  const batchesOf = (size: number): Batches => {
    const count = Math.ceil(texts.length / size);
    return Array.from({ length: count }, (_, i) => texts.slice(i * size, (i + 1) * size));
  };
  for (const variant of variants) await peers[variant].ask("embed", batchesOf(8));
  const samples = await inRounds(rounds, caseNames, variants, (one, variant) => {
    progress(`onnx: ${one}, ${variant}`);
    return peers[variant].ask("embed", batchesOf(cases[one]));
  });
  for (const variant of variants) await peers[variant].end();
  rmSync(folder, { recursive: true });
  return { rows: caseNames.flatMap((one) => rowsOf(one, samples[one].ganglion, samples[one].bare, samples["batch of 1"].bare)), samples };
};

/** @param unpadded the floor again, one text at a time: there no padding is computed */
function rowsOf(of: Case, ours: readonly Embedded[], bare: readonly Embedded[], unpadded: readonly Embedded[]): Row[] {
  const perSecond = (a: Embedded, b: Embedded) => a.texts / a.seconds / (b.texts / b.seconds);
  const perCpuSecond = (a: Embedded, b: Embedded) => a.texts / a.cpuSeconds / (b.texts / b.cpuSeconds);
  const target = { least: 0.95 };
  return [
    { of, what: "texts per second / bare session.run", unit: "", rounds: pairs(ours, bare, perSecond), target },
    { of, what: "texts per CPU-second / bare session.run", unit: "", rounds: pairs(ours, bare, perCpuSecond), target },
    { of, what: "texts per CPU-second / bare, one at a time", unit: "", rounds: pairs(ours, unpadded, perCpuSecond) },
  ];
}
