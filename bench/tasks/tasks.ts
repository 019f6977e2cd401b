import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Input, ModelCard, TaskId } from "../../src/core/index.ts";
import { startPeer } from "../peer.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Row, Suite, SuiteOptions } from "../suite.ts";
import { writeHeavier } from "./heavier.ts";
import type { TaskCommands } from "./our-task.ts";
import { cardOf, type Ran, type TaskOptions } from "./ran.ts";

interface TaskCase {
  readonly of: string;
  readonly task: TaskId;
  /** In `models/`. */
  readonly folder: string;
  /** Of the layers that make it as heavy as a large one; absent: it is measured as it is. */
  readonly ballast?: number;
  readonly inputs: readonly Input[];
}

const models = resolve("models");
const variants = ["ganglion", "reading", "bare"] as const;

/**
 * Every task that has a model here: our engine, child process and channel included, against its graphs and its files alone. The models are
 * tiny, and what does not compute shows most with them; so they are measured with ballast too, as heavy as models that people use.
 */
export const tasks: Suite = async (options) => {
  const { folder: parent, quick } = options;
  const folder = mkdtempSync(join(parent, "tasks-"));
  const rows: Row[] = [];
  const samples: Record<string, unknown> = {};
  for (const one of casesOf(quick)) {
    const { of, task, ballast, inputs } = one;
    const path = join(models, one.folder);
    const floorName = task === "text-to-speech" ? "flite alone" : "graphs and files alone";
    if (ballast !== undefined) {
      const heavy = join(folder, task);
      writeHeavier(path, heavy, quick ? 1 : ballast);
      const measured = await measure(`${of}, with ballast`, cardOf(task, [{ format: "onnx", path: heavy }]), inputs, options);
      rows.push(...ratios(`${of}, with ballast`, measured, floorName));
      samples[`${of}, with ballast`] = measured;
    }
    const measured = await measure(of, cardOf(task, [{ format: task === "text-to-speech" ? "flite" : "onnx", path }]), inputs, options);
    if (ballast === undefined) rows.push(...ratios(of, measured, floorName));
    samples[of] = measured;
    const beside = pairs(measured.ganglion, measured.floor, (a, b) => ((a.seconds - b.seconds) * 1000) / inputs.length);
    rows.push({ of, what: "an answer takes longer by", unit: "ms", rounds: beside });
  }
  rmSync(folder, { recursive: true });
  return { rows, samples };
};

interface Measured {
  readonly ganglion: readonly Ran[];
  readonly floor: readonly Ran[];
}

async function measure(
  of: string,
  model: ModelCard,
  inputs: readonly Input[],
  { rounds, profile, progress }: SuiteOptions,
): Promise<Measured> {
  const given: TaskOptions = { model, inputs, threads: 1 };
  const bare = model.task === "text-to-speech" ? "bare-flite.js" : "bare-sessions.js";
  const peers = {
    ganglion: await startPeer<TaskCommands>("our-task.js", given, { profile }),
    reading: await startPeer<TaskCommands>("bare-reading.js", given, { profile }),
    bare: await startPeer<TaskCommands>(bare, given, { profile }),
  };
  for (const variant of variants) await peers[variant].ask("run");
  const measured = await inRounds(rounds, [of], variants, (_, variant) => {
    progress(`tasks: ${of}, ${variant}`);
    return peers[variant].ask("run");
  });
  for (const variant of variants) await peers[variant].end();
  const { ganglion = [], reading = [], bare: graphs = [] } = measured[of] ?? {};
  const floor = pairs(reading, graphs, (a, b): Ran => ({ seconds: a.seconds + b.seconds, cpuSeconds: a.cpuSeconds + b.cpuSeconds }));
  return { ganglion, floor };
}

function ratios(of: string, { ganglion, floor }: Measured, floorName: string): Row[] {
  const ratio = (what: string, read: (ran: Ran) => number): Row => ({
    of,
    what: `${what} / ${floorName}`,
    unit: "",
    rounds: pairs(ganglion, floor, (a, b) => read(b) / read(a)),
    target: { least: 0.95 },
  });
  return [ratio("answers per second", ({ seconds }) => seconds), ratio("answers per CPU-second", ({ cpuSeconds }) => cpuSeconds)];
}

function casesOf(quick: boolean): TaskCase[] {
  const image = (name: string) => ({ bytes: fileOf("tiny-shapes/held-out", name), mediaType: "image/webp" });
  const drawings = ["classify-00.webp", "detect-03.webp", "caption-01.webp"].map((name) => ({ image: image(name) }));
  const recordings = Array.from({ length: 8 }, (_, i) => ({
    audio: { bytes: fileOf("tiny-listen/held-out", `00${i}.flac`), mediaType: "audio/flac" },
  }));
  const sentences = { text: linesOf("tiny-translate", "en", 32), source_lang: "en", target_lang: "es" };
  const articles = linesOf("tiny-summary", "text", 8).map((text) => ({ input_text: text, max_length: 128 }));
  const words = "The train leaves at nine. Please take a seat in the second car. There is coffee, and it is free.";
  const all: readonly TaskCase[] = [
    { of: "image classification", task: "image-classification", folder: "tiny-shapes/classify", ballast: 512, inputs: drawings },
    { of: "object detection", task: "object-detection", folder: "tiny-shapes/detect", ballast: 512, inputs: drawings },
    {
      of: "image to text",
      task: "image-to-text",
      folder: "tiny-shapes/caption",
      ballast: 64,
      inputs: drawings.map((one) => ({ ...one, max_tokens: 64 })),
    },
    {
      of: "text to image, 20 steps",
      task: "text-to-image",
      folder: "tiny-shapes/draw",
      ballast: 64,
      inputs: [{ prompt: "a purple circle on white", seed: 7 }],
    },
    { of: "speech recognition", task: "automatic-speech-recognition", folder: "tiny-listen", ballast: 64, inputs: recordings },
    { of: "translation, 32 texts", task: "translation", folder: "tiny-translate", ballast: 64, inputs: [sentences] },
    { of: "summarization", task: "summarization", folder: "tiny-summary", ballast: 64, inputs: articles },
    { of: "text to speech, 3 sentences", task: "text-to-speech", folder: "tiny-speak", inputs: [{ text: words, format: "wav" }] },
  ];
  return all.map((one) => (quick ? { ...one, inputs: one.inputs.slice(0, 1) } : one));
}

function fileOf(folder: string, name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(models, folder, name)));
}

function linesOf(folder: string, field: string, count: number): string[] {
  const lines = readFileSync(join(models, folder, "held-out.jsonl"), "utf8").split("\n", count);
  return lines.filter(Boolean).map((line) => String((JSON.parse(line) as Record<string, unknown>)[field]));
}
