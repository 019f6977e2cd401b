import { Problem } from "../../core/index.ts";

export interface PlacesOptions {
  /** Pieces of work that may run at the same time. */
  readonly places: number;
  /** Pieces of work that may wait; those of one account have half of the line. */
  readonly queueLength: number;
  /** Milliseconds that one may wait. */
  readonly queueTimeout: number;
}

/** Lets some pieces of work run at a time: first those of the accounts that have the fewest running, then in the order in which they came. */
export interface Places {
  /** @throws Problem at-capacity where the line is too long, and the signal's reason for work that has not begun when its caller leaves */
  take<T>(account: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface Waiting {
  readonly account: string;
  begin(): void;
}

export function createPlaces({ places, queueLength, queueTimeout }: PlacesOptions): Places {
  const running: string[] = [];
  const line: Waiting[] = [];

  async function take<T>(account: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (running.length >= places) await turn(account, signal);
    else running.push(account);
    try {
      return await work();
    } finally {
      running.splice(running.indexOf(account), 1);
      const next = nextInLine();
      if (next) {
        running.push(next.account); // before anyone who comes in this moment
        next.begin();
      }
    }
  }

  function nextInLine(): Waiting | undefined {
    const runningOf = ({ account }: Waiting) => running.filter((one) => one === account).length;
    const [next] = line.toSorted((a, b) => runningOf(a) - runningOf(b));
    if (next) line.splice(line.indexOf(next), 1);
    return next;
  }

  function turn(account: string, signal: AbortSignal): Promise<void> {
    const own = line.filter((one) => one.account === account).length;
    if (line.length >= queueLength || own >= Math.ceil(queueLength / 2)) throw busy();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => leave(busy()), queueTimeout);
      const gone = () => leave(signal.reason);
      const waiting: Waiting = {
        account,
        begin() {
          stopWaiting();
          resolve();
        },
      };
      function leave(reason: unknown): void {
        stopWaiting();
        line.splice(line.indexOf(waiting), 1);
        reject(reason);
      }
      function stopWaiting(): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", gone);
      }
      signal.addEventListener("abort", gone);
      line.push(waiting);
    });
  }

  return { take };
}

function busy(): Problem {
  return new Problem("at-capacity", "too many documents are being read already; ask again in a moment", {
    details: { retryAfterSeconds: 5 },
  });
}
