/** Server-sent events: one JSON object per `data:` line, LF, one space; stricter than the standard, because readers are. */
export function dataEvent(json: unknown): string {
  return `data: ${JSON.stringify(json)}\n\n`;
}

/**
 * The same in ASCII: readers of Workers AI's own streams decode each network read by itself, and whoever stands between may have cut a
 * character in two.
 */
export function asciiEvent(json: unknown): string {
  return dataEvent(json).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export const doneEvent = "data: [DONE]\n\n";

export const eventStreamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
} as const;

export interface EventStreamOptions {
  readonly events: AsyncIterable<string>;
  /** Sent when nothing else was for a while: proxies and clients close silent streams. */
  readonly idle: string;
  /** The event that stands for what was thrown after the stream had begun. */
  readonly problemEvent: (thrown: unknown) => string;
  /** Called once, when the stream has ended, for whatever reason. */
  readonly ended: (thrown: unknown) => void;
  /** Tells the source that nobody reads any more. */
  readonly abort: () => void;
}

/** Half of the shortest idle timeout seen in gateways, a minute. */
const idleMilliseconds = 20_000;
/** How long the reply's headers wait for the first event, so that what is wrong with a request comes as a status. */
const patienceMilliseconds = 10_000;

const encoder = new TextEncoder();

/**
 * A body that writes only whole events, so that no reader sees half a character: what comes in one turn of the event loop is one chunk.
 *
 * @throws what the source throws before its first event, if that comes within ten seconds
 */
export async function eventStream({ events, idle, problemEvent, ended, abort }: EventStreamOptions): Promise<ReadableStream<Uint8Array>> {
  const iterator = joinedPerTurn(events);
  let waiting: Promise<IteratorResult<string>> | undefined = iterator.next();
  await firstOrTimeout(waiting);

  let closed = false;
  let lastAt = Date.now();
  let ticker: ReturnType<typeof setInterval> | undefined;
  const close = (thrown?: unknown) => {
    if (closed) return;
    closed = true;
    clearInterval(ticker);
    ended(thrown);
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        ticker = setInterval(() => {
          if (Date.now() - lastAt >= idleMilliseconds) controller.enqueue(encoder.encode(idle));
        }, idleMilliseconds);
      },
      async pull(controller) {
        try {
          const { value, done } = await (waiting ?? iterator.next());
          waiting = undefined;
          if (closed) return;
          lastAt = Date.now();
          if (done) {
            close();
            controller.close();
          } else controller.enqueue(encoder.encode(value));
        } catch (thrown) {
          if (closed) return;
          controller.enqueue(encoder.encode(problemEvent(thrown)));
          close(thrown);
          controller.close();
        }
      },
      async cancel() {
        close();
        abort();
        await iterator.return(undefined).catch(() => {}); // what goes wrong now has nobody to be told to; the gateway has booked or logged it
      },
    },
    { highWaterMark: 0 },
  );
}

/** Resolves when the first event is there, or after a while; throws if the source fails before. */
async function firstOrTimeout(first: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMilliseconds);
  });
  try {
    await Promise.race([first, timeout]);
  } finally {
    clearTimeout(timer);
    first.catch(() => {}); // if it fails later, `pull` awaits it and says so
  }
}

/** UTF-16 units, more or less, that are read before a reader has taken what was read before them. */
const mostAtOnce = 16_384;

/** Calls back at the end of this turn of the event loop, where the runtime can. */
const whenTurnEnds = (Reflect.get(globalThis, "setImmediate") ?? setTimeout) as (callback: () => void) => unknown;

/** Joins what a source says within a turn: to write takes several times as long as to make an event. */
async function* joinedPerTurn(events: AsyncIterable<string>): AsyncGenerator<string, void> {
  const iterator = events[Symbol.asyncIterator]();
  let text = "";
  let inTurn = true;
  let reading = false;
  let over: { readonly thrown?: unknown } | undefined;
  let heard = () => {};

  async function read(): Promise<void> {
    reading = true;
    try {
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) over = {};
        else text += value;
        heard();
        if (done || !inTurn || text.length >= mostAtOnce) break;
      }
    } catch (thrown) {
      over = { thrown };
      heard();
    }
    reading = false;
  }

  try {
    while (!over || text !== "") {
      inTurn = true;
      if (!over && !reading) void read();
      if (!over && text === "") await new Promise<void>((resolve) => (heard = resolve));
      await new Promise<void>((resolve) => whenTurnEnds(resolve));
      inTurn = false;
      const said = text;
      text = "";
      if (said !== "") yield said;
    }
  } finally {
    await iterator.return?.();
  }
  if ("thrown" in over) throw over.thrown;
}
