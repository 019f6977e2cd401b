import { Problem, type Call, type Engine, type ModelCard, type Part, type TaskId } from "../core/index.ts";
import { createBreaker, type Breaker } from "./breaker.ts";
import { createChild, type Child } from "./child.ts";
import { childEnvironment } from "./child-environment.ts";
import { createModelMemory, type MemoryNeeds, type ModelMemory, type Place } from "./model-memory.ts";

export interface ProcessEngineOptions {
  readonly name: string;
  /** The child's script, built: it calls `serveEngine`. */
  readonly entry: URL;
  /**
   * Calls with the same key share a process. A crash takes down one key's calls, and ending a process gives all of its memory back.
   * Absent: one process for everything.
   *
   * @throws Problem to refuse the call before a process is started for it
   */
  readonly keyOf?: (call: Call) => string;
  /** Handed to the child's `create`, by structured clone. */
  readonly settings?: object;
  /** What holds for one model instead. Models of which different things hold do not share a process. */
  readonly ownOf?: (model: ModelCard) => OwnSettings | undefined;
  /** Variables that the child sees beside the usual few; secrets of the server are not among them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its processes find room, or wait for it; share one among the engines of a machine. */
  readonly memory?: ModelMemory;
  /** What the process for a call will take. Absent: no room is made for it. @throws Problem to refuse the call */
  readonly needsOf?: (call: Call) => Promise<MemoryNeeds | undefined>;
  /**
   * Calls that run in one process or wait for it; more are refused. An account may have as many as are left free after them: one alone
   * half, of two busy ones each a third, so that there is always room for another.
   */
  readonly maxCalls?: number;
  /** Milliseconds that a call waits for its turn. */
  readonly queueTimeout?: number;
  /** Crashes in a row after which a key is refused for a while. */
  readonly maxCrashes?: number;
  /** Milliseconds of that while. */
  readonly pause?: number;
  readonly startTimeout?: number;
  /**
   * Milliseconds that nothing may be heard of a process while a call that its caller has left, or whose deadline has passed, is not over:
   * then native code is lost in it, and the process is killed. Above what the longest step takes that cannot be broken off.
   */
  readonly stopTimeout?: number;
  readonly grace?: number;
  /** Unix milliseconds. */
  readonly now?: () => number;
  /** Takes what children write to stdout and stderr, and what happens to them. */
  readonly log?: (line: string) => void;
}

/** What an operator has said of one model. */
export interface OwnSettings {
  /** In the place of those of `settings` that have the same names. */
  readonly settings?: object;
  /** Milliseconds that the model stays in memory when nobody asks it; Infinity: until its room is wanted. */
  readonly keepAlive?: number | undefined;
}

/** A process and its place in memory. */
interface Lodging {
  readonly place: Place;
  readonly child: Child;
  /** By account. */
  readonly calls: Map<string, number>;
}

/**
 * Runs an engine in child processes and is itself an engine: native code that crashes, hangs or holds memory does so there.
 * A dead process is started again by the next call; the calls that it ran get `engine-failed`.
 */
export function createProcessEngine(options: ProcessEngineOptions): Engine {
  const { name, keyOf = () => name, maxCalls = 256, maxCrashes = 3, pause = 30_000, now = Date.now } = options;
  const { memory = createModelMemory() } = options;
  const log = options.log ?? ((line: string) => console.error(line));
  const lodgings = new Map<string, Lodging>();
  const breakers = new Map<string, Breaker>();
  let closed = false;

  function breakerOf(key: string): Breaker {
    const known = breakers.get(key) ?? createBreaker({ failures: maxCrashes, pause, now });
    breakers.set(key, known);
    return known;
  }

  function lodgingOf(key: string, call: Call, own: OwnSettings | undefined): Lodging {
    const known = lodgings.get(key);
    if (known) return known;
    const forget = () => {
      if (lodgings.get(key) === lodging) lodgings.delete(key);
    };
    const place = memory.place({
      engine: name,
      keepAlive: own?.keepAlive,
      pid: () => child.pid,
      needs: async () => options.needsOf?.(call),
      end() {
        forget();
        return child.end();
      },
    });
    const child = createChild({
      entry: options.entry,
      subject: call.model.name,
      settings: { ...options.settings, ...own?.settings },
      environment: { ...childEnvironment(process.env), ...options.environment },
      startTimeout: options.startTimeout ?? 30_000,
      grace: options.grace ?? 5_000,
      queueTimeout: options.queueTimeout ?? 60_000,
      stopTimeout: options.stopTimeout ?? 30_000,
      after: place.admitted,
      log,
      onBegin: place.begun,
      onGone(how) {
        forget();
        place.vacate();
        if (how === "died") breakerOf(key).failed();
      },
    });
    const lodging: Lodging = { place, child, calls: new Map() };
    lodgings.set(key, lodging);
    return lodging;
  }

  async function* run<T extends TaskId>(call: Call<T>): AsyncGenerator<Part<T>> {
    if (call.signal.aborted) return;
    if (closed) throw new Problem("engine-failed", `the engine ${name} is closed`);
    const own = options.ownOf?.(call.model);
    const key = own ? `${keyOf(call)} ${JSON.stringify(own)}` : keyOf(call);
    const breaker = breakerOf(key);
    const wait = breaker.wait();
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000);
      throw new Problem(
        "engine-failed",
        `the process of ${call.model.name} died ${maxCrashes} times in a row; it is tried again in ${seconds} s`,
        {
          details: { retryAfterSeconds: seconds },
        },
      );
    }
    const { place, child, calls } = lodgingOf(key, call, own);
    const ofAccount = calls.get(call.account) ?? 0;
    const free = maxCalls - place.calls;
    if (free <= 0 || ofAccount > free) {
      const whose = free <= 0 ? maxCalls : `${ofAccount} of the account's`;
      throw new Problem("at-capacity", `${whose} calls of ${call.model.name} run or wait already; ask again in a moment`, {
        details: { retryAfterSeconds: 2 },
      });
    }
    place.enter(call.model.name);
    calls.set(call.account, ofAccount + 1);
    try {
      // The child answers the call that it was given, so its parts are those of the call's task.
      for await (const part of child.run(call) as AsyncIterable<Part<T>>) {
        if (part.type === "end") breaker.succeeded();
        yield part;
      }
    } finally {
      place.leave();
      const left = (calls.get(call.account) ?? 1) - 1;
      if (left > 0) calls.set(call.account, left);
      else calls.delete(call.account);
    }
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all([...lodgings.values()].map(({ child }) => child.end()));
  }

  return { name, run, close };
}
