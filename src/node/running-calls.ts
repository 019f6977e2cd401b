import type { Gateway } from "../gateway/index.ts";

/** A gateway that knows what runs, so that nothing is closed under a call that still has to be booked. */
export interface CountedGateway extends Gateway {
  readonly running: number;
  /** Resolves when nothing runs. */
  rest(): Promise<void>;
}

export function countRunning(gateway: Gateway): CountedGateway {
  let running = 0;
  let waiting: (() => void)[] = [];

  return {
    get running() {
      return running;
    },
    async *run(ask) {
      running++;
      try {
        yield* gateway.run(ask);
      } finally {
        if (--running === 0) {
          for (const resolve of waiting) resolve();
          waiting = [];
        }
      }
    },
    rest: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
