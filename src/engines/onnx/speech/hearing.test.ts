import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Recording } from "../../../media/index.ts";
import { createLogMel } from "./log-mel.ts";
import { heardUpTo, segmentOf, stretchesOf } from "./segments.ts";
import { ruleOutTimes } from "./time-rules.ts";
import { type Window, windowAfter } from "./windows.ts";

/** A tone and a rising one, silent from the middle on. */
function sound(length: number): Float32Array {
  const turn = 2 * Math.PI;
  return Float32Array.from({ length }, (_, i) =>
    i < length / 2 ? 0.4 * Math.sin((turn * 440 * i) / 16_000) + 0.2 * Math.sin((turn * (1000 + i / 16) * i) / 16_000) : 0,
  );
}

// [band, frame, value], from torch.stft of PyTorch 1.13 with hann_window(fft), center and reflect, Slaney's bands written out in Python,
// and Whisper's scale.
const vectors = [
  {
    hearing: { rate: 16_000, fft: 400, hop: 160, mels: 80, window: 3200 },
    made: [
      [0, 0, 0.977],
      [5, 1, 0.4891],
      [10, 7, 1.3003],
      [11, 3, 1.3898],
      [20, 10, 0.3878],
      [30, 12, -0.6102],
      [40, 2, -0.6102],
      [79, 19, -0.6102],
      [12, 0, 1.2777],
      [33, 9, 0.4387],
    ],
  },
  {
    hearing: { rate: 16_000, fft: 640, hop: 400, mels: 80, window: 8000 },
    made: [
      [0, 0, 1.0149],
      [5, 1, -0.0936],
      [10, 7, 1.4041],
      [11, 3, 1.5117],
      [20, 10, 0.7434],
      [30, 12, -0.4883],
      [12, 0, 1.3807],
      [33, 9, 0.2481],
    ],
  },
] as const;

describe("a spectrogram", () => {
  it.each(vectors)("is Whisper's: $hearing.fft samples, each $hearing.hop", ({ hearing, made }) => {
    const spectrogram = createLogMel(hearing)(sound(hearing.window));
    const frames = hearing.window / hearing.hop;
    expect(spectrogram).toHaveLength(hearing.mels * frames);
    for (const [band, frame, value] of made) expect(spectrogram[band * frames + frame]).toBeCloseTo(value, 3);
  });
});

function recordingOf(samples: Float32Array): Recording {
  return {
    rate: 16_000,
    length: samples.length,
    seconds: samples.length / 16_000,
    samples: (from, to) => samples.slice(Math.max(0, from), to),
  };
}

function windowsOf(recording: Recording, longest: number): Window[] {
  const windows: Window[] = [];
  for (let at = windowAfter(recording, 0, longest); at; at = windowAfter(recording, at.to, longest)) windows.push(at);
  return windows;
}

describe("the windows of a recording", () => {
  const noisy = (seconds: number) => Float32Array.from({ length: seconds * 16_000 }, (_, i) => 0.3 * Math.sin(i * i));

  it("are one for a short one", () => {
    expect(windowsOf(recordingOf(noisy(3)), 80_000)).toEqual([{ from: 0, to: 48_000 }]);
  });

  it("are cut in the middle of a pause", () => {
    const samples = noisy(7);
    samples.fill(0, 56_000, 64_000); // from 3.5 to 4 seconds
    const [first, second] = windowsOf(recordingOf(samples), 80_000);
    expect(first?.from).toBe(0);
    expect(first?.to).toBeGreaterThan(56_000);
    expect(first?.to).toBeLessThan(64_000);
    expect(second).toEqual({ from: first?.to, to: 112_000 });
  });

  it("are never longer than the model hears, and lose nothing where there is no pause", () => {
    const windows = windowsOf(recordingOf(noisy(31)), 80_000);
    expect(windows[0]?.from).toBe(0);
    expect(windows.at(-1)?.to).toBe(31 * 16_000);
    for (const [i, { from, to }] of windows.entries()) {
      expect(to - from).toBeLessThanOrEqual(80_000);
      if (i > 0) expect(from).toBe(windows[i - 1]?.to);
    }
  });

  it("leave silence out", () => {
    expect(windowsOf(recordingOf(new Float32Array(200_000)), 80_000)).toEqual([]);
  });
});

// Five tokens of text (0 to 4), the end (5), the start (6), the mark "without times" (7), ten moments (8 to 17).
const marks = {
  end: 5,
  start: 6,
  transcribe: undefined,
  translate: undefined,
  previous: undefined,
  nothing: undefined,
  time: 8,
  languages: new Map(),
};

function possible(written: readonly number[], likely: Readonly<Record<number, number>> = {}): number[] {
  const scores = Float32Array.from({ length: 18 }, (_, token) => likely[token] ?? (token < 8 ? 3 : 0));
  ruleOutTimes(scores, written, marks, 2);
  return [...scores.keys()].filter((token) => scores[token] !== -Infinity);
}

describe("what can come next in a transcript", () => {
  it("is at first a moment near the beginning", () => {
    expect(possible([])).toEqual([8, 9, 10]);
  });
  it("is text after the first moment", () => {
    expect(possible([9])).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
  it("is text, or a moment that is later", () => {
    expect(possible([9, 1])).toEqual([0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 17]);
  });
  it("is the next beginning or the end after a moment that ends a text", () => {
    expect(possible([9, 1, 12])).toEqual([5, 6, 12, 13, 14, 15, 16, 17]);
  });
  it("is a moment where all moments together are likelier than any text", () => {
    const moments = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [8 + i, 2.5]));
    expect(possible([9, 1], moments)).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
  });
});

interface Recorded {
  readonly end: number;
  readonly start: number;
  readonly time: number;
  readonly latest: number;
  readonly cases: readonly { readonly written: readonly number[]; readonly scores: readonly number[]; readonly left: readonly number[] }[];
}

it("what can come next is what Hugging Face's transformers leaves, in three hundred transcripts (fixtures/record-time-rules.py)", () => {
  const recorded = JSON.parse(readFileSync(new URL("fixtures/time-rules.json", import.meta.url), "utf8")) as Recorded;
  expect(recorded.cases).toHaveLength(300);
  for (const { written, scores, left } of recorded.cases) {
    const ruled = Float32Array.from(scores);
    ruleOutTimes(ruled, written, { ...marks, ...recorded }, recorded.latest);
    const rest = [...ruled.keys()].filter((token) => ruled[token] !== -Infinity);
    expect({ written, rest }).toEqual({ written, rest: left });
  }
});

describe("segments", () => {
  it("are the texts between two moments", () => {
    expect(stretchesOf([8, 1, 2, 12, 12, 3, 17], 8, 0.5, 4.4)).toEqual([
      { start: 0, end: 2, tokens: [1, 2] },
      { start: 2, end: 4.4, tokens: [3] },
    ]);
  });
  it("are all heard where the last one ends", () => {
    expect(heardUpTo([8, 1, 12, 12, 2, 17], 8)).toEqual({ tokens: [8, 1, 12, 12, 2, 17], next: undefined });
    expect(heardUpTo([8, 1, 2], 8)).toEqual({ tokens: [8, 1, 2], next: undefined });
    expect(heardUpTo([], 8)).toEqual({ tokens: [], next: undefined });
  });
  it("are heard again from the last one on where that does not end", () => {
    expect(heardUpTo([8, 1, 12, 12, 2], 8)).toEqual({ tokens: [8, 1, 12], next: 4 });
    expect(heardUpTo([8, 1, 12, 13], 8)).toEqual({ tokens: [8, 1, 12], next: 4 });
  });
  it("end with the window where no moment ends them", () => {
    expect(stretchesOf([10, 1, 2], 8, 0.5, 3)).toEqual([{ start: 1, end: 3, tokens: [1, 2] }]);
  });
  it("share their time among their words by their letters", () => {
    expect(segmentOf(" one three", { start: 1, end: 2 }, 10)).toEqual({
      text: " one three",
      start: 11,
      end: 12,
      words: [
        { word: "one", start: 11, end: 11.4 },
        { word: "three", start: 11.4, end: 12 },
      ],
    });
  });
});
