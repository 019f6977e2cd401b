/** Lets one piece of work run at a time, in the order in which they came: what computes uses all threads and much memory by itself. */
export interface Turns {
  /** @throws the signal's reason, at once, for a piece that has not begun when its caller leaves */
  take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let busy = false;

  async function take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (busy) await turn(signal);
    busy = true;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      busy = false;
      waiting.shift()?.();
    }
  }

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener("abort", leave);
        busy = true; // before anyone who comes in this moment
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      waiting.push(begin);
    });
  }

  return { take };
}
