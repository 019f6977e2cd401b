import { afterAll, describe, expect, it } from "vitest";
import { type Call, type Input, type Part, Problem } from "../../../core/index.ts";
import { readRecording } from "../../../media/index.ts";
import { callOf } from "../../conformance.ts";
import { createOnnxEngine } from "../onnx.ts";
import { limitsOf } from "../options.ts";
import { listen } from "./listen.ts";
import { mediaOf, recordings, sample, tinyListen, wavOf } from "./speech.case.ts";
import { speechModels } from "./speech-model.ts";

const engine = createOnnxEngine({ threads: 1 });
afterAll(() => engine.close());

type SpeechCall = Call<"automatic-speech-recognition">;

async function partsOf(input: Input<"automatic-speech-recognition">, changes: Partial<SpeechCall> = {}) {
  const parts: Part<"automatic-speech-recognition">[] = [];
  for await (const part of engine.run(callOf<"automatic-speech-recognition">(tinyListen, input, changes))) parts.push(part);
  return parts;
}

async function heard(input: Input<"automatic-speech-recognition">) {
  const end = (await partsOf(input)).at(-1);
  if (end?.type !== "end") throw new Error("no end");
  return end;
}

/** Some recordings one after another, with a second of silence around each. */
async function joined(count: number): Promise<Float32Array> {
  const signal = new AbortController().signal;
  const pause = new Float32Array(16_000);
  const pieces: Float32Array[] = [pause];
  for (const { audio } of recordings().slice(0, count)) {
    const recording = await readRecording(audio, { rate: 16_000, field: "/audio", signal });
    pieces.push(recording.samples(0, recording.length), pause);
  }
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

describe("speech is written down", () => {
  it.each(recordings().map(({ text, audio }) => [text, audio] as const))("as it is said: %s", async (text, audio) => {
    expect((await heard({ audio })).output.text).toBe(text);
  });

  it("with its seconds, the language, and words within their segments", async () => {
    const { output, usage } = await heard({ audio: sample("speech.wav") });
    expect(usage).toEqual({ "audio-second": 1.605 });
    expect([output.duration, output.language]).toEqual([1.605, "en"]);
    let last = 0;
    for (const { start, end, text, words } of output.segments) {
      expect(words.map(({ word }) => word).join(" ")).toBe(text.trim());
      expect(start).toBeGreaterThanOrEqual(last);
      for (const word of words) {
        expect(word.start).toBeGreaterThanOrEqual(last);
        expect(word.end).toBeGreaterThan(word.start);
        last = word.start;
      }
      expect(words.at(-1)?.end).toBe(end);
      last = end;
    }
    expect(last).toBeLessThanOrEqual(1.605);
    expect(output.segments.length).toBeGreaterThan(0);
  });

  it("the same in every format", async () => {
    const { output } = await heard({ audio: sample("speech.wav") });
    for (const file of ["speech.mp3", "speech.flac", "speech-vorbis.ogg", "speech.webm"]) {
      expect((await heard({ audio: sample(file) })).output.text).toBe(output.text);
    }
  });

  it("of a recording that is longer than the model hears at once, cut at the pauses, with the times of the whole", async () => {
    const count = 5;
    const samples = await joined(count);
    expect(samples.length / 16_000).toBeGreaterThan(12);
    const parts = await partsOf({ audio: wavOf(samples) });
    const end = parts.at(-1);
    if (end?.type !== "end") throw new Error("no end");
    expect(end.output.text).toBe(
      recordings()
        .slice(0, count)
        .map(({ text }) => text)
        .join(" "),
    );
    expect(end.usage).toEqual({ "audio-second": Math.ceil(samples.length / 16) / 1000 });
    const deltas = parts.flatMap((part) => (part.type === "delta" ? [part.delta.segment] : []));
    expect(deltas).toEqual(end.output.segments);
    expect(deltas.map(({ text }) => text).join("")).toBe(end.output.text);
    const starts = deltas.map(({ start }) => start);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(deltas.at(-1)?.start).toBeGreaterThan(8);
  });

  it("as nothing where nothing sounds, and the seconds count all the same", async () => {
    const { output, usage } = await heard({ audio: wavOf(new Float32Array(16_000 * 20)) });
    expect(output).toEqual({ text: "", language: "en", duration: 20, segments: [] });
    expect(usage).toEqual({ "audio-second": 20 });
  });

  it("the same way each time at a temperature", async () => {
    const input = { audio: sample("speech.wav"), temperature: 0.8 };
    expect(await heard(input)).toEqual(await heard(input));
  });
});

describe("what cannot be written down", () => {
  it.each([
    ["junk", { audio: mediaOf(new TextEncoder().encode("junk".repeat(99))) }, "/audio"],
    ["a language that the model does not know", { audio: sample("speech.wav"), language: "de" }, "/language"],
  ])("%s is refused before any work", async (_, input, field) => {
    const thrown: unknown = await partsOf(input).catch((problem: unknown) => problem);
    expect(thrown).toBeInstanceOf(Problem);
    expect(thrown).toMatchObject({ code: "bad-input", details: { field } });
  });

  it("unless hours of others are in memory, which give their room back when they are left", async () => {
    const model = await speechModels.load(tinyListen, limitsOf({ threads: 1 }));
    const { signal } = new AbortController();
    const begin = () => {
      const parts = listen.run(callOf<"automatic-speech-recognition">(tinyListen, { audio: sample("speech.wav") }), model, signal);
      return parts[Symbol.asyncIterator]();
    };
    try {
      const first = begin();
      expect(await first.next()).toMatchObject({ value: { type: "begin" } });
      expect(model.held.seconds).toBeGreaterThan(1);
      model.held.seconds += 14_400;
      await expect(begin().next()).rejects.toMatchObject({ code: "at-capacity" });
      model.held.seconds -= 14_400;
      await first.return?.();
      expect(model.held.seconds).toBeCloseTo(0);
    } finally {
      await model.release();
    }
  });

  it("is left between two steps", async () => {
    const leaving = new AbortController();
    const call = callOf<"automatic-speech-recognition">(tinyListen, { audio: wavOf(await joined(5)) }, { signal: leaving.signal });
    const kinds: string[] = [];
    for await (const part of engine.run(call)) {
      kinds.push(part.type);
      if (part.type === "delta") leaving.abort();
    }
    expect(kinds).toEqual(["begin", "delta"]);
  });
});
