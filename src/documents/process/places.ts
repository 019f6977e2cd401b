import { Problem } from "../../core/index.ts";

export interface PlacesOptions {
  /** Pieces of work that may run at the same time. */
  readonly places: number;
  /** Pieces of work that may wait. */
  readonly queueLength: number;
  /** Milliseconds that one may wait. */
  readonly queueTimeout: number;
}

/** Lets some pieces of work run at a time, in the order in which they came. */
export interface Places {
  /** @throws Problem at-capacity where the line is too long, and the signal's reason for work that has not begun when its caller leaves */
  take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createPlaces({ places, queueLength, queueTimeout }: PlacesOptions): Places {
  let free = places;
  const waiting: (() => void)[] = [];

  async function take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (free > 0) free--;
    else await turn(signal);
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next(); // takes the place over
      else free++;
    }
  }

  function turn(signal: AbortSignal): Promise<void> {
    if (waiting.length >= queueLength) throw busy();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => leave(busy()), queueTimeout);
      const gone = () => leave(signal.reason);
      const begin = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", gone);
        resolve();
      };
      function leave(reason: unknown): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", gone);
        waiting.splice(waiting.indexOf(begin), 1);
        reject(reason);
      }
      signal.addEventListener("abort", gone);
      waiting.push(begin);
    });
  }

  return { take };
}

function busy(): Problem {
  return new Problem("at-capacity", "too many documents are being read already; ask again in a moment", {
    details: { retryAfterSeconds: 5 },
  });
}
