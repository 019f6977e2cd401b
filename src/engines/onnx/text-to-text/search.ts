import { Problem } from "../../../core/index.ts";
import { logOfSum } from "../logits.ts";

/** How a model's authors want its tokens to be chosen. The names are those of `generation_config.json`. */
export interface Choosing {
  /** Ways that are followed at the same time; 1 takes the likeliest token each time. */
  readonly beams: number;
  /** Whole texts are compared by their log-probability divided by their length to this power: above 0 favours long ones. */
  readonly lengthPenalty: number;
  /** true: over with as many whole texts as beams; false: when no way looks better; "never": when none can become better. */
  readonly earlyStopping: boolean | "never";
  /** Runs of so many tokens come once; 0: as often as they like. */
  readonly noRepeat: number;
  /** Tokens that never come. */
  readonly banned: readonly number[];
  /** Whether what is left after banning is made to sum to 1 again. */
  readonly renormalize: boolean;
  /** Tokens that end a text. */
  readonly ends: readonly number[];
  /** The token that comes last where a text would grow too long. */
  readonly forcedEnd: number | undefined;
}

/** What bounds one text. */
export interface Bounds {
  /** Tokens that it begins with; the first starts the decoder and counts for nothing. */
  readonly first: readonly number[];
  /** Tokens after the first ones, the end included, before which it does not end. */
  readonly least: number;
  /** Tokens after the first ones, the end included. */
  readonly most: number;
}

/** Goes on from way `from` of the step before with `token`. */
export interface Way {
  readonly from: number;
  readonly token: number;
}

/** Finds the tokens of one text. */
export interface Search {
  /** What to follow next; none when the search is over. */
  readonly ways: readonly Way[];
  /**
   * @param scores logits of each way's next token, at the first step of the one beginning; they are changed
   * @throws Problem engine-failed for numbers that are none
   */
  choose(scores: readonly Float32Array[]): void;
  /** The best text so far. */
  readonly best: Written;
}

export interface Written {
  /** Without the tokens it began with and without its end. */
  readonly tokens: readonly number[];
  /** Tokens that were made for it, its end included. */
  readonly made: number;
}

interface Beam {
  readonly tokens: readonly number[];
  /** Log-probability, or anything where there is but one beam. */
  readonly sum: number;
}

interface Candidate extends Way {
  readonly sum: number;
}

interface Whole extends Written {
  readonly score: number;
}

/**
 * Beam search as Hugging Face's transformers does it, on which authors have tuned their settings; `search.test.ts` compares the two.
 */
export function createSearch(choosing: Choosing, bounds: Bounds): Search {
  const { beams: width, ends } = choosing;
  const given = bounds.first.length - 1;
  let beams: readonly Beam[] = [{ tokens: [], sum: 0 }];
  let ways: readonly Way[] = [];
  let whole: Whole[] = [];

  function choose(scores: readonly Float32Array[]): void {
    const candidates = beams.flatMap((beam, from) => candidatesOf(beam, from, scores[from] ?? new Float32Array()));
    candidates.sort((a, b) => b.sum - a.sum);
    const best = candidates.slice(0, Math.max(2, 1 + ends.length) * width);
    if (!Number.isFinite(best[0]?.sum)) throw new Problem("engine-failed", "the model made numbers that are none; its file may be damaged");
    const length = given + (beams[0]?.tokens.length ?? 0) + 1;
    const going: Candidate[] = [];
    for (const [rank, candidate] of best.entries()) {
      if (going.length === width || (width === 1 && rank === 1)) break;
      if (candidate.sum === -Infinity) continue;
      if (!ends.includes(candidate.token)) going.push(candidate);
      else if (rank < width) finish(tokensOf(candidate.from), candidate.sum, length, 1);
    }
    const next = going.map((candidate) => ({ tokens: [...tokensOf(candidate.from), candidate.token], sum: candidate.sum }));
    if (isOver(going[0]?.sum ?? -Infinity, length)) ways = [];
    else if (length - given >= bounds.most) {
      for (const { tokens, sum } of next) finish(tokens, sum, length, 0);
      ways = [];
    } else ways = going;
    beams = next;
  }

  function tokensOf(beam: number): readonly number[] {
    return beams[beam]?.tokens ?? [];
  }

  /** The likeliest tokens after one beam. */
  function candidatesOf({ tokens, sum }: Beam, from: number, scores: Float32Array): Candidate[] {
    if (choosing.forcedEnd !== undefined && tokens.length === bounds.most - 1) return [{ from, token: choosing.forcedEnd, sum }];
    const banned = bannedAfter(tokens);
    if (width === 1) {
      ban(scores, banned);
      return likeliest(scores, 1).map((token) => ({ from, token, sum: scores[token] ?? -Infinity }));
    }
    if (choosing.renormalize) ban(scores, banned);
    const all = logOfSum(scores);
    if (!choosing.renormalize) ban(scores, banned);
    const count = Math.max(2, 1 + ends.length) * width;
    return likeliest(scores, count).map((token) => ({ from, token, sum: sum + (scores[token] ?? -Infinity) - all }));
  }

  function bannedAfter(tokens: readonly number[]): readonly number[] {
    const early = tokens.length < bounds.least - 1 ? ends : [];
    const repeated = choosing.noRepeat > 0 ? afterRepeats([...bounds.first, ...tokens], choosing.noRepeat) : [];
    return [...choosing.banned, ...early, ...repeated];
  }

  function scoreOf(sum: number, length: number): number {
    return sum / length ** choosing.lengthPenalty;
  }

  function finish(tokens: readonly number[], sum: number, length: number, ended: number): void {
    whole.push({ tokens, made: tokens.length + ended, score: scoreOf(sum, length) });
    whole = whole.toSorted((a, b) => b.score - a.score).slice(0, width);
  }

  function isOver(bestSum: number, length: number): boolean {
    if (whole.length < width) return false;
    if (choosing.earlyStopping === true) return true;
    const longest = choosing.earlyStopping === "never" && choosing.lengthPenalty > 0 ? given + bounds.most : length;
    return (whole.at(-1)?.score ?? 0) >= scoreOf(bestSum, longest);
  }

  return {
    choose,
    get ways() {
      return ways;
    },
    get best() {
      const [first] = whole;
      return first ?? { tokens: tokensOf(0), made: tokensOf(0).length };
    },
  };
}

function ban(scores: Float32Array, tokens: readonly number[]): void {
  for (const token of tokens) scores[token] = -Infinity;
}

/** Tokens that would repeat a run of `size` tokens. */
function afterRepeats(tokens: readonly number[], size: number): number[] {
  const repeated: number[] = [];
  const last = tokens.length - size + 1; // where the run begins that the next token would end
  for (let at = 0; at < last; at++) {
    let i = 0;
    while (i < size - 1 && tokens[at + i] === tokens[last + i]) i++;
    const token = tokens[at + size - 1];
    if (i === size - 1 && token !== undefined) repeated.push(token);
  }
  return repeated;
}

/** The indices of the largest numbers, largest first. */
function likeliest(scores: Float32Array, count: number): number[] {
  const best: number[] = [];
  let least = -Infinity;
  for (let token = 0; token < scores.length; token++) {
    const score = scores[token] ?? -Infinity;
    if (best.length === count && !(score > least)) continue;
    let at = best.length;
    while (at > 0 && score > (scores[best[at - 1] ?? 0] ?? -Infinity)) at--;
    best.splice(at, 0, token);
    if (best.length > count) best.pop();
    if (best.length === count) least = scores[best.at(-1) ?? 0] ?? -Infinity;
  }
  return best;
}
