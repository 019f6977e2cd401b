import { Problem, type Call, type Engine, type Part, type TaskId } from "../core/index.ts";
import { createBreaker, type Breaker } from "./breaker.ts";
import { createChild, type Child } from "./child.ts";
import { childEnvironment } from "./child-environment.ts";

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
  readonly settings?: unknown;
  /** Variables that the child sees beside the usual few; secrets of the server are not among them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Processes that live at the same time; an idle one is ended for a new one, the least recently used first. */
  readonly maxProcesses?: number;
  /** Crashes in a row after which a key is refused for a while. */
  readonly maxCrashes?: number;
  /** Milliseconds of that while. */
  readonly pause?: number;
  readonly startTimeout?: number;
  readonly grace?: number;
  /** Unix milliseconds. */
  readonly now?: () => number;
  /** Takes what children write to stdout and stderr, and what happens to them. */
  readonly log?: (line: string) => void;
}

/**
 * Runs an engine in child processes and is itself an engine: native code that crashes, hangs or holds memory does so there.
 * A dead process is started again by the next call; the calls that it ran get `engine-failed`.
 */
export function createProcessEngine(options: ProcessEngineOptions): Engine {
  const { name, keyOf = () => name, maxProcesses = 4, maxCrashes = 3, pause = 30_000, now = Date.now } = options;
  const log = options.log ?? ((line: string) => console.error(line));
  // In the order of use: a key that is used moves to the end.
  const children = new Map<string, Child>();
  const breakers = new Map<string, Breaker>();
  let closed = false;

  function breakerOf(key: string): Breaker {
    const known = breakers.get(key) ?? createBreaker({ failures: maxCrashes, pause, now });
    breakers.set(key, known);
    return known;
  }

  function childOf(key: string, subject: string): Child {
    const known = children.get(key);
    const child = known ?? newChild(key, subject);
    children.delete(key);
    children.set(key, child);
    return child;
  }

  function newChild(key: string, subject: string): Child {
    const child: Child = createChild({
      entry: options.entry,
      subject,
      settings: options.settings,
      environment: { ...childEnvironment(process.env), ...options.environment },
      startTimeout: options.startTimeout ?? 30_000,
      grace: options.grace ?? 5_000,
      after: roomForOneMore(),
      log,
      onDeath() {
        breakerOf(key).failed();
        if (children.get(key) === child) children.delete(key);
      },
    });
    return child;
  }

  function roomForOneMore(): Promise<void> | undefined {
    if (children.size < maxProcesses) return undefined;
    for (const [key, child] of children) {
      if (child.calls > 0) continue;
      children.delete(key);
      return child.end();
    }
    throw new Problem("at-capacity", `${maxProcesses} models are at work, and no more run at the same time; ask again in a moment`);
  }

  async function* run<T extends TaskId>(call: Call<T>): AsyncGenerator<Part<T>> {
    if (call.signal.aborted) return;
    if (closed) throw new Problem("engine-failed", `the engine ${name} is closed`);
    const key = keyOf(call);
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
    // The child answers the call that it was given, so its parts are those of the call's task.
    for await (const part of childOf(key, call.model.name).run(call) as AsyncIterable<Part<T>>) {
      if (part.type === "end") breaker.succeeded();
      yield part;
    }
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all([...children.values()].map((child) => child.end()));
    children.clear();
  }

  return { name, run, close };
}
