/** Refuses work for a while after several failures in a row, so that what is broken is not started again and again. */
export interface Breaker {
  /** Milliseconds until the next try; 0: go ahead. */
  wait(): number;
  failed(): void;
  succeeded(): void;
}

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds that it stays open. Afterwards one more failure opens it again, and a success closes it. */
  readonly pause: number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export function createBreaker({ failures, pause, now }: BreakerOptions): Breaker {
  let inARow = 0;
  let openUntil = 0;
  return {
    wait: () => Math.max(0, openUntil - now()),
    failed() {
      if (++inARow >= failures) openUntil = now() + pause;
    },
    succeeded() {
      inARow = 0;
      openUntil = 0;
    },
  };
}
