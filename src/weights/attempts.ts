import { setTimeout } from "node:timers/promises";
import type { Problem } from "../core/index.ts";

/** What one try came to: done, or why it may go better the next time. */
export type Attempt<T> =
  | { readonly done: T }
  | {
      readonly again: Problem;
      /** As the other side asked for. */
      readonly afterSeconds?: number;
      /** Something was gained, so that trying has not become pointless. */
      readonly progressed?: boolean;
    };

export interface Patience {
  /** Tries in a row without any progress. */
  readonly tries: number;
  /** Milliseconds before the second try; each further one waits twice as long. */
  readonly firstPause: number;
  /** Seconds that are waited at most where the other side asks for them. */
  readonly longestPause: number;
}

export const usualPatience: Patience = { tries: 6, firstPause: 500, longestPause: 120 };

export interface AttemptOptions {
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly onRetry?: ((why: Problem, seconds: number) => void) | undefined;
}

/** @throws Problem the last reason, when patience is at its end */
export async function untilDone<T>(attempt: () => Promise<Attempt<T>>, { patience, signal, onRetry }: AttemptOptions): Promise<T> {
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    const result = await attempt();
    if ("done" in result) return result.done;
    if (result.progressed) tries = 1;
    const { again, afterSeconds } = result;
    if (tries >= patience.tries || (afterSeconds ?? 0) > patience.longestPause) throw again;
    const milliseconds = afterSeconds === undefined ? patience.firstPause * 2 ** (tries - 1) : afterSeconds * 1000;
    onRetry?.(again, milliseconds / 1000);
    await setTimeout(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
