import { Problem } from "../../core/index.ts";

/** A place for one prompt and its answer, which remembers what was in it. */
export interface Slot<S> {
  readonly sequence: S;
  /** Leading tokens of the prompt whose state is still in the sequence; everything after them must be erased. */
  readonly cached: number;
  /** Gives it to the next in the queue. Does nothing the second time. */
  release(): void;
}

export interface Slots<S> {
  /**
   * A sequence for a prompt, after waiting in line while all are taken. undefined: the signal was aborted first.
   *
   * @throws Problem at-capacity when the line is full
   */
  take(account: string, tokens: readonly number[], signal: AbortSignal): Promise<Slot<S> | undefined>;
}

interface Entry<S> {
  readonly sequence: S;
  /** Whose prompt is in it. */
  account: string | undefined;
}

interface Waiting<S> {
  readonly account: string;
  readonly tokens: readonly number[];
  give(slot: Slot<S>): void;
}

/**
 * Shares a few sequences among prompts. A prompt gets the free sequence of its own account that begins like it, so that the common
 * beginning is not computed again; what one account has said never speeds up another's prompt.
 *
 * @param contentOf the tokens that are in a sequence now
 * @param longestLine prompts that may wait
 */
export function createSlots<S>(sequences: readonly S[], contentOf: (sequence: S) => readonly number[], longestLine: number): Slots<S> {
  /** Least recently used first. */
  const free: Entry<S>[] = sequences.map((sequence) => ({ sequence, account: undefined }));
  /** Whose prompts are at work. */
  const taken: string[] = [];
  const line: Waiting<S>[] = [];

  function choose(account: string, tokens: readonly number[]): Slot<S> | undefined {
    let best: { entry: Entry<S>; cached: number } | undefined;
    for (const entry of free) {
      const content = entry.account === account ? contentOf(entry.sequence) : [];
      const cached = commonPrefix(content, tokens);
      // A sequence that would lose more than it gives is left to whom it serves better, while there is another.
      if (cached * 2 >= content.length && cached > (best?.cached ?? 0)) best = { entry, cached };
    }
    const [oldest] = free;
    if (!oldest) return undefined;
    // With nothing in common an empty one costs nobody anything; else the one that was not used for longest goes.
    const { entry, cached } = best ?? { entry: free.find(({ account: owner }) => owner === undefined) ?? oldest, cached: 0 };
    free.splice(free.indexOf(entry), 1);
    entry.account = account;
    taken.push(account);
    let released = false;
    return {
      sequence: entry.sequence,
      cached: Math.min(cached, tokens.length - 1), // the last token is computed in any case: the answer comes from it
      release() {
        if (released) return;
        released = true;
        free.push(entry);
        taken.splice(taken.indexOf(account), 1);
        const next = nextInLine();
        if (!next) return;
        const slot = choose(next.account, next.tokens);
        if (slot) next.give(slot);
      },
    };
  }

  /** The oldest of those whose accounts have the fewest places now: who sends very many does not make others wait behind all of them. */
  function nextInLine(): Waiting<S> | undefined {
    const places = (account: string) => taken.filter((owner) => owner === account).length;
    const fewest = line.reduce((few, { account }) => Math.min(few, places(account)), Infinity);
    const at = line.findIndex(({ account }) => places(account) === fewest);
    return line.splice(at, 1)[0];
  }

  return {
    async take(account, tokens, signal) {
      if (signal.aborted) return undefined;
      const slot = choose(account, tokens);
      if (slot) return slot;
      if (line.length >= longestLine) {
        throw new Problem("at-capacity", `${longestLine} calls of this model wait already; ask again in a moment`, {
          details: { retryAfterSeconds: 2 },
        });
      }
      return await new Promise<Slot<S> | undefined>((resolve) => {
        const leave = () => {
          line.splice(line.indexOf(waiting), 1);
          resolve(undefined);
        };
        const waiting: Waiting<S> = {
          account,
          tokens,
          give(given) {
            signal.removeEventListener("abort", leave);
            resolve(given);
          },
        };
        signal.addEventListener("abort", leave, { once: true });
        line.push(waiting);
      });
    },
  };
}

function commonPrefix(one: readonly number[], other: readonly number[]): number {
  const most = Math.min(one.length, other.length);
  for (let at = 0; at < most; at++) if (one[at] !== other[at]) return at;
  return most;
}
