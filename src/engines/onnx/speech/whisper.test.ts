import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { callOf } from "../../conformance.ts";
import { cardOf } from "../models.case.ts";
import { createOnnxEngine } from "../onnx.ts";
import { limitsOf } from "../options.ts";
import { wavOf } from "./speech.case.ts";
import { speechModels } from "./speech-model.ts";
import { writeWindow } from "./write-window.ts";

// A Whisper of random weights, exported as those of Hugging Face are; what transformers makes of it is in expected.json.
const folder = fileURLToPath(new URL("fixtures/whisper", import.meta.url));
const card = cardOf("test/whisper", "automatic-speech-recognition", folder);

interface Case {
  readonly n: number;
  readonly length: number;
  readonly language: string | null;
  readonly task: "transcribe" | "translate";
  readonly heard: string;
  readonly made: readonly number[];
}
const { cases } = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8")) as { cases: readonly Case[] };

const sound = ({ n, length }: Case) =>
  Float32Array.from({ length }, (_, i) => Math.round(9000 * Math.sin(i * (0.05 + 0.02 * n)) * Math.sin(i * 0.0003 * (n + 1))) / 32_768);
const likeliest = (scores: Float32Array) => scores.indexOf(Math.max(...scores));

describe("a Whisper", () => {
  const model = speechModels.load(card, limitsOf({ threads: 1 }));
  afterAll(async () => (await model).release());

  it.each(cases)("hears and writes what transformers does: sound $n, $task, in $language", async (asked) => {
    const { language, task, heard, made } = asked;
    const ask = { samples: sound(asked), language: language ?? undefined, task, before: [], pick: likeliest };
    const result = await writeWindow(await model, ask, new AbortController().signal);
    expect(result).toEqual({ language: heard, tokens: made });
  });
});

describe("a Whisper that knows two languages", () => {
  const engine = createOnnxEngine({ threads: 1 });
  afterAll(() => engine.close());

  it("says which one it took a recording for, in segments within the recording", async () => {
    const [first] = cases;
    if (!first) throw new Error("no cases");
    const input = { audio: wavOf(sound(first)) };
    for await (const part of engine.run(callOf<"automatic-speech-recognition">(card, input))) {
      if (part.type !== "end") continue;
      expect(part.output.language).toBe(first.heard);
      expect(part.output.segments.length).toBeGreaterThan(0);
      for (const { start, end } of part.output.segments) {
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(1);
      }
    }
  });
});
