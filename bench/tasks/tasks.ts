import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Input, ModelCard, TaskId } from "../../src/core/index.ts";
import { startPeer } from "../peer.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Row, Suite } from "../suite.ts";
import type { TaskCommands } from "./our-task.ts";
import { cardOf, type Ran, type TaskOptions } from "./ran.ts";

interface TaskCase {
  readonly of: string;
  readonly bare: "sessions" | "flite";
  readonly model: ModelCard;
  readonly inputs: readonly Input[];
}

const models = resolve("models");
const variants = ["ganglion", "reading", "bare"] as const;

/** Every task that has a model here: our engine, child process and channel included, against its graphs and its files alone. */
export const tasks: Suite = async ({ rounds, quick, profile, progress }) => {
  const cases = casesOf(quick);
  const rows: Row[] = [];
  const samples: Record<string, unknown> = {};
  for (const { of, bare, model, inputs } of cases) {
    const given: TaskOptions = { model, inputs, threads: 1 };
    const peers = {
      ganglion: await startPeer<TaskCommands>("our-task.js", given, { profile }),
      reading: await startPeer<TaskCommands>("bare-reading.js", given, { profile }),
      bare: await startPeer<TaskCommands>(bare === "flite" ? "bare-flite.js" : "bare-sessions.js", given, { profile }),
    };
    for (const variant of variants) await peers[variant].ask("run");
    const measured = await inRounds(rounds, [of], variants, (_, variant) => {
      progress(`tasks: ${of}, ${variant}`);
      return peers[variant].ask("run");
    });
    for (const variant of variants) await peers[variant].end();
    samples[of] = measured[of];
    const { ganglion = [], reading = [], bare: graphs = [] } = measured[of] ?? {};
    const floor = pairs(reading, graphs, (a, b): Ran => ({ seconds: a.seconds + b.seconds, cpuSeconds: a.cpuSeconds + b.cpuSeconds }));
    const ratio = (what: string, of_: (ran: Ran) => number): Row => ({
      of,
      what: `${what} / ${bare} alone`,
      unit: "",
      rounds: pairs(ganglion, floor, (a, b) => of_(b) / of_(a)),
      target: { least: 0.95 },
    });
    const beside = pairs(ganglion, floor, (a, b) => ((a.seconds - b.seconds) * 1000) / inputs.length);
    rows.push(
      ratio("answers per second", ({ seconds }) => seconds),
      ratio("answers per CPU-second", ({ cpuSeconds }) => cpuSeconds),
      { of, what: "an answer takes longer by", unit: "ms", rounds: beside },
    );
  }
  return { rows, samples };
};

/** Those whose models are in `models/`: tiny ones, so that what does not compute shows most. */
function casesOf(quick: boolean): TaskCase[] {
  const few = <T>(all: readonly T[]) => all.slice(0, quick ? 1 : all.length);
  const onnx = (of: string, task: TaskId, folder: string, inputs: () => readonly Input[]): TaskCase[] => {
    const path = join(models, folder);
    if (!existsSync(path)) return [];
    return [{ of, bare: "sessions", model: cardOf(task, [{ format: "onnx", path }]), inputs: few(inputs()) }];
  };
  const image = (name: string) => ({ bytes: fileOf("tiny-shapes/held-out", name), mediaType: "image/webp" });
  const drawings = ["classify-00.webp", "detect-03.webp", "caption-01.webp"].map(image);
  return [
    ...onnx("image classification, 64 x 64", "image-classification", "tiny-shapes/classify", () =>
      drawings.map((drawing) => ({ image: drawing })),
    ),
    ...onnx("object detection", "object-detection", "tiny-shapes/detect", () => drawings.map((drawing) => ({ image: drawing }))),
    ...onnx("image to text", "image-to-text", "tiny-shapes/caption", () => drawings.map((drawing) => ({ image: drawing, max_tokens: 64 }))),
    ...onnx("text to image, 128 x 128, 20 steps", "text-to-image", "tiny-shapes/draw", () => [
      { prompt: "a purple circle on white", seed: 7 },
    ]),
    ...onnx("speech recognition, 8 recordings", "automatic-speech-recognition", "tiny-listen", () =>
      Array.from({ length: 8 }, (_, i) => ({ audio: { bytes: fileOf("tiny-listen/held-out", `00${i}.flac`), mediaType: "audio/flac" } })),
    ),
    ...onnx("translation, 32 texts", "translation", "tiny-translate", () => [
      { text: linesOf("tiny-translate", "en", 32), source_lang: "en", target_lang: "es" },
    ]),
    ...onnx("summarization, 8 articles", "summarization", "tiny-summary", () =>
      linesOf("tiny-summary", "text", 8).map((text) => ({ input_text: text, max_length: 128 })),
    ),
    {
      of: "text to speech, 3 sentences",
      bare: "flite",
      model: cardOf("text-to-speech", [{ format: "flite", path: join(models, "tiny-speak") }]),
      inputs: [{ text: "The train leaves at nine. Please take a seat in the second car. There is coffee, and it is free." }],
    },
  ];
}

function fileOf(folder: string, name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(models, folder, name)));
}

function linesOf(folder: string, field: string, count: number): string[] {
  const lines = readFileSync(join(models, folder, "held-out.jsonl"), "utf8").split("\n", count);
  return lines.filter(Boolean).map((line) => String((JSON.parse(line) as Record<string, unknown>)[field]));
}
