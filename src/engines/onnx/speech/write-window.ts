import { Problem } from "../../../core/index.ts";
import { logOfSum } from "../logits.ts";
import type { Encoded } from "../text-to-text/decoder.ts";
import type { SpeechModel } from "./speech-model.ts";
import { ruleOutTimes } from "./time-rules.ts";

/** What was heard in one window. */
export interface HeardWindow {
  readonly language: string | undefined;
  /** Tokens of text and of time. */
  readonly tokens: readonly number[];
}

export interface WindowAsk {
  readonly samples: Float32Array;
  /** Known, or to be found out. */
  readonly language: string | undefined;
  readonly task: "transcribe" | "translate";
  /** Tokens of a text before. */
  readonly before: readonly number[];
  /** Picks a token by its logits. */
  readonly pick: (scores: Float32Array) => number;
}

/** The share above which a window is taken to hold no speech, where the words are unsure too. Both are Whisper's own. */
const [nothingShare, unsure] = [0.6, -1];

/** Listens to one window: the encoder once, the decoder a token at a time. @throws the signal's reason between two steps */
export async function writeWindow(model: SpeechModel, ask: WindowAsk, signal: AbortSignal): Promise<HeardWindow> {
  const { hearing, marks, encoder, decoder, spectrogram, positions } = model;
  const features = { data: spectrogram(ask.samples), dims: [1, hearing.mels, Math.floor(hearing.window / hearing.hop)] };
  const states = (await encoder.run({ input_features: features }, ["last_hidden_state"]))["last_hidden_state"];
  if (!states) throw new Error("the encoder made nothing");
  const encoded: Encoded = { states, mask: { data: new Uint8Array(states.dims[1] ?? 0).fill(1), dims: [1, states.dims[1] ?? 0] } };
  signal.throwIfAborted();

  const opening = (await decoder.begin(encoded, [[marks.start]])).scores(0);
  const silent = marks.nothing === undefined ? 0 : Math.exp((opening[marks.nothing] ?? -Infinity) - logOfSum(opening));
  const language = ask.language ?? likeliestLanguage(opening, marks.languages);
  signal.throwIfAborted();

  const first = [...ask.before, marks.start, ...given(model, language, ask.task)];
  const most = Math.min(positions, first.length + Math.floor(positions / 2)) - first.length;
  const tokens: number[] = [];
  let sum = 0;
  let draft = await decoder.begin(encoded, [first]);
  for (;;) {
    signal.throwIfAborted();
    const scores = draft.scores(0).slice();
    for (const token of [...model.banned, ...(tokens.length === 0 ? model.bannedFirst : [])]) if (token >= 0) scores[token] = -Infinity;
    // Marks other than the end are never written.
    scores.fill(-Infinity, marks.end + 1, marks.time);
    ruleOutTimes(scores, tokens, marks, model.latestFirst);
    const token = ask.pick(scores);
    const score = scores[token] ?? -Infinity;
    if (!Number.isFinite(score)) throw new Problem("engine-failed", "the model made numbers that are none; its file may be damaged");
    sum += score - logOfSum(scores);
    if (token === marks.end) break;
    tokens.push(token);
    if (tokens.length >= most) break;
    draft = await decoder.goOn(draft, [0], [token]);
  }
  const sure = sum / (tokens.length + 1);
  return { language, tokens: silent > nothingShare && sure < unsure ? [] : tokens };
}

function given({ marks }: SpeechModel, language: string | undefined, task: WindowAsk["task"]): number[] {
  const mark = language === undefined ? undefined : marks.languages.get(language);
  const work = task === "translate" && language !== "en" ? marks.translate : marks.transcribe;
  return [mark, work].filter((token) => token !== undefined);
}

function likeliestLanguage(scores: Float32Array, languages: ReadonlyMap<string, number>): string | undefined {
  return [...languages].toSorted(([, a], [, b]) => (scores[b] ?? 0) - (scores[a] ?? 0))[0]?.[0];
}
