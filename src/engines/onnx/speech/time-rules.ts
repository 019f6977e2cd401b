import { logOfSum } from "../logits.ts";

/** Special tokens of a model of Whisper's kind. */
export interface SpeechMarks {
  readonly end: number;
  readonly start: number;
  readonly transcribe: number | undefined;
  readonly translate: number | undefined;
  readonly previous: number | undefined;
  readonly nothing: number | undefined;
  /** The token of the moment 0; those after it are later. */
  readonly time: number;
  /** By their codes of ISO 639-1; none for a model of one language that writes no token for it. */
  readonly languages: ReadonlyMap<string, number>;
}

/**
 * Rules out what cannot come next where a model writes times: a text is between two of them, they never go back, and the first thing
 * written is one. Where all times together are likelier than the likeliest text, it is a time.
 *
 * Source: Radford et al. 2022, section 4.5, and the logits processor for timestamps of Hugging Face's transformers.
 *
 * @param scores logits of the next token, changed
 * @param written tokens so far, without those that were given
 * @param latestFirst tokens after the first time that the first one may be
 */
export function ruleOutTimes(scores: Float32Array, written: readonly number[], { end, time }: SpeechMarks, latestFirst: number): void {
  const rule = (from: number, to: number) => scores.fill(-Infinity, from, to);
  const last = written.at(-1);
  const beforeLast = written.at(-2);
  rule(time - 1, time); // the mark that says: without times
  if (last === undefined) {
    rule(0, time);
    rule(time + latestFirst + 1, scores.length);
    return;
  }
  const lastTime = written.findLast((token) => token >= time);
  if (last >= time) {
    if (beforeLast === undefined || beforeLast >= time) rule(time, scores.length);
    else rule(0, end);
  }
  // Only what begins may be where something has just ended.
  const opens = last >= time && beforeLast !== undefined && beforeLast < time;
  if (lastTime !== undefined) rule(time, Math.min(scores.length, opens ? lastTime : lastTime + 1));
  if (logOfSum(scores.subarray(time)) > largest(scores, time)) rule(0, time);
}

function largest(scores: Float32Array, to: number): number {
  let most = -Infinity;
  for (let i = 0; i < to; i++) most = Math.max(most, scores[i] ?? 0);
  return most;
}
