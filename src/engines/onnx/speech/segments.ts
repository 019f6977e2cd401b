import type { SpokenSegment } from "../../../core/index.ts";

/** A stretch of tokens between two moments, in seconds from the beginning of the window. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly number[];
}

/** @param time token of the moment 0 @param step seconds from one such token to the next @param length of the window, in seconds */
export function stretchesOf(written: readonly number[], time: number, step: number, length: number): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  let tokens: number[] = [];
  const close = (end: number) => {
    if (tokens.length > 0) stretches.push({ start: Math.min(start, length), end: Math.min(Math.max(start, end), length), tokens });
    tokens = [];
  };
  for (const token of written) {
    if (token < time) tokens.push(token);
    else {
      const moment = (token - time) * step;
      close(moment);
      start = moment;
    }
  }
  close(length);
  return stretches;
}

/**
 * What counts of what was written in a window, and the moment from which on it is not heard yet, as steps of time; undefined: all of it
 * is. A model that begins a segment and does not end it has come to the end of what it can write at once: that segment is heard again,
 * in a window of its own. Source: Radford et al. 2022, section 4.5.
 */
export function heardUpTo(
  written: readonly number[],
  time: number,
): { readonly tokens: readonly number[]; readonly next: number | undefined } {
  const isTime = (at: number) => (written[at] ?? -1) >= time;
  const last = written.length - 1;
  if (isTime(last) && !isTime(last - 1)) return { tokens: written, next: undefined };
  for (let at = last; at > 0; at--) {
    const moment = written[at - 1] ?? time;
    if (isTime(at) && isTime(at - 1) && moment > time) return { tokens: written.slice(0, at), next: moment - time };
  }
  return { tokens: written, next: undefined };
}

const thousandth = (seconds: number) => Math.round(seconds * 1000) / 1000;

/** @param text with its space before it, where it has one @param offset seconds of the recording before the window */
export function segmentOf(text: string, { start, end }: Pick<Stretch, "start" | "end">, offset: number): SpokenSegment {
  const [from, to] = [offset + start, offset + end];
  return { text, start: thousandth(from), end: thousandth(to), words: wordsOf(text, from, to) };
}

/** The model says when a segment begins and ends; its words share that time by their letters. */
function wordsOf(text: string, start: number, end: number) {
  const words = text.split(/\s+/).filter(Boolean);
  const letters = words.map((word) => word.length + 1);
  const all = letters.reduce((sum, count) => sum + count, 0);
  let before = 0;
  return words.map((word, i) => {
    const from = start + ((end - start) * before) / all;
    before += letters[i] ?? 0;
    return { word, start: thousandth(from), end: thousandth(start + ((end - start) * before) / all) };
  });
}
