import { type Call, type Input, type Media, type Part, Problem, type SpokenSegment } from "../../../core/index.ts";
import { readRecording, type Recording } from "../../../media/index.ts";
import { softmax } from "../logits.ts";
import { createShares } from "../seeded.ts";
import { unspacedLanguages } from "../text-to-text/split-text.ts";
import type { Work } from "../work.ts";
import { heardUpTo, segmentOf, stretchesOf } from "./segments.ts";
import { speechModels, type SpeechModel } from "./speech-model.ts";
import { windowAfter } from "./windows.ts";
import { writeWindow } from "./write-window.ts";

/** Writes down what is said, window by window; the seconds are counted before anything is computed. */
export const listen: Work<"automatic-speech-recognition", SpeechModel> = { loader: speechModels, run };

/** Seconds that a window gets on at least: a model that writes moments at random shall not hear the same second forever. */
const leastStep = 1;

type SpeechPart = Part<"automatic-speech-recognition">;

/** Four hours, of which one model has 0.9 GB in memory; what is read then comes on top. A short call that waits has a few megabytes. */
const mostHeldSeconds = 14_400;

async function* run(
  { input, model: { name } }: Call<"automatic-speech-recognition">,
  model: SpeechModel,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const language = languageAsked(model, input.language, name);
  const recording = await model.turns.take(() => hold(input.audio, model, signal), signal);
  try {
    yield* writeDown(input, model, recording, language, signal);
  } finally {
    model.held.seconds -= recording.seconds;
  }
}

/** Reads a recording into memory. @throws Problem at-capacity where there is much already, and those of readRecording */
async function hold(audio: Media, { hearing, held }: SpeechModel, signal: AbortSignal): Promise<Recording> {
  if (held.seconds > mostHeldSeconds) {
    throw new Problem("at-capacity", "hours of other recordings are being written down; ask again in a moment", {
      details: { retryAfterSeconds: 30 },
    });
  }
  const recording = await readRecording(audio, { rate: hearing.rate, field: "/audio", signal });
  held.seconds += recording.seconds;
  return recording;
}

async function* writeDown(
  input: Input<"automatic-speech-recognition">,
  model: SpeechModel,
  recording: Recording,
  known: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const { hearing, marks, tokens, turns } = model;
  let language = known;
  const usage = { "audio-second": Math.ceil(recording.seconds * 1000) / 1000 };
  yield { type: "begin", usage };

  const pick = createPick(input.temperature ?? 0);
  const segments: SpokenSegment[] = [];
  let before = tokensBefore(model, input.initial_prompt);
  let window = windowAfter(recording, 0, hearing.window);
  while (window) {
    const { from, to } = window;
    const samples = recording.samples(from, to);
    const ask = { samples, language, task: input.task ?? "transcribe", before, pick } as const;
    const heard = await turns.take(() => writeWindow(model, ask, signal), signal);
    language ??= heard.tokens.length > 0 ? heard.language : undefined;
    before = [];
    const { tokens: counted, next } = heardUpTo(heard.tokens, marks.time);
    const step = Math.round((next ?? 0) * model.timeStep * recording.rate);
    window = windowAfter(recording, step >= leastStep * recording.rate ? Math.min(to, from + step) : to, hearing.window);
    for (const stretch of stretchesOf(counted, marks.time, model.timeStep, (to - from) / recording.rate)) {
      const text = tokens.decode(stretch.tokens).trim();
      if (text === "") continue;
      const spaced = segments.length === 0 || unspacedLanguages.has(language ?? "en") ? text : ` ${text}`;
      const segment = segmentOf(spaced, stretch, from / recording.rate);
      segments.push(segment);
      yield { type: "delta", usage, delta: { segment } };
      signal.throwIfAborted();
    }
  }
  language ??= marks.languages.size === 0 ? "en" : undefined;
  const output = {
    text: segments.map(({ text }) => text).join(""),
    ...(language !== undefined && { language }),
    duration: Math.round(recording.seconds * 1000) / 1000,
    segments,
  };
  yield { type: "end", usage, output };
}

/** @throws Problem bad-input for a language that the model does not know */
function languageAsked({ marks: { languages } }: SpeechModel, asked: string | undefined, name: string): string | undefined {
  const only = languages.size === 1 ? [...languages.keys()][0] : undefined;
  if (asked === undefined) return only;
  const code = asked.toLowerCase().split(/[-_]/, 1)[0] ?? "";
  if (languages.has(code) || (languages.size === 0 && code === "en")) return code;
  const known = [...languages.keys()].toSorted().join(", ") || "en";
  throw new Problem("bad-input", `'/language' of ${name} is one of ${known}`, { details: { field: "/language" } });
}

/** A token of text is rarely longer. */
const charactersPerToken = 16;

/** Names and style to go on from; the last of a long text. A model without the mark for it takes none. */
function tokensBefore({ marks: { previous }, tokens, positions }: SpeechModel, prompt: string | undefined): readonly number[] {
  if (previous === undefined || prompt === undefined || prompt.trim() === "") return [];
  const most = Math.floor(positions / 2) - 1;
  return [previous, ...tokens.encode(` ${prompt.trim().slice(-most * charactersPerToken)}`).slice(-most)];
}

/** The likeliest token, or one drawn by its share: the same for the same recording. */
function createPick(temperature: number): (scores: Float32Array) => number {
  const shares = createShares(0);
  return (scores) => {
    const likeliest = scores.reduce((best, score, token) => (score > (scores[best] ?? -Infinity) ? token : best), 0);
    if (temperature <= 0) return likeliest;
    let left = shares();
    const chances = softmax(Array.from(scores, (score) => score / temperature));
    const drawn = chances.findIndex((chance) => (left -= chance) < 0);
    return drawn === -1 ? likeliest : drawn;
  };
}
