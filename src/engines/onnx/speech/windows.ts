import type { Recording } from "../../../media/index.ts";

/** A part of a recording, in samples. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Seconds of which the loudness is taken at a time. */
const step = 0.02;

/** Steps that a pause has at least. */
const pauseSteps = 10;

/** The share of a window that is filled before a pause is looked for. */
const filled = 0.5;

/**
 * The first window from a moment on that a model can hear at once, cut at the quietest moment of its second half, so that no word is cut
 * while there is a pause. Windows in which nothing sounds are passed over; undefined where nothing sounds any more.
 */
export function windowAfter(recording: Recording, moment: number, longest: number): Window | undefined {
  for (let from = moment; from < recording.length;) {
    const to = recording.length - from <= longest ? recording.length : cutIn(recording, from, from + longest);
    if (recording.samples(from, to).some((sample) => Math.abs(sample) > inaudible)) return { from, to };
    from = to;
  }
  return undefined;
}

/** Two steps of 16 bits. */
const inaudible = 2 / 32_768;

function cutIn(recording: Recording, from: number, to: number): number {
  const size = Math.round(recording.rate * step);
  const first = from + Math.round((to - from) * filled);
  const samples = recording.samples(first, to);
  const levels = Array.from({ length: Math.floor(samples.length / size) }, (_, i) =>
    samples.subarray(i * size, (i + 1) * size).reduce((sum, sample) => sum + sample * sample, 0),
  );
  let [best, quietest] = [levels.length, Infinity];
  for (let i = 0; i + pauseSteps <= levels.length; i++) {
    const level = levels.slice(i, i + pauseSteps).reduce((sum, one) => sum + one, 0);
    if (level <= quietest) [best, quietest] = [i, level]; // of equal ones the last
  }
  return Math.min(to, first + (best + pauseSteps / 2) * size);
}
