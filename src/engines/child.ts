import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Problem, type Call, type Part } from "../core/index.ts";
import { partsInFlight, type CallEvent, type FromChild, type PortableCall, type ToChild } from "./process-messages.ts";

/** One process that serves an engine. */
export interface Child {
  /** Undefined before it has started. */
  readonly pid: number | undefined;
  run(call: Call): AsyncIterable<Part>;
  /** SIGTERM, and SIGKILL after a grace; resolves when the process and its memory are gone. */
  end(): Promise<void>;
}

export interface ChildOptions {
  readonly entry: URL;
  /** What it serves, for messages: a model's name. */
  readonly subject: string;
  readonly settings: unknown;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds in which it must say that it is ready. */
  readonly startTimeout: number;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace: number;
  /** What it must wait for before it starts. A Problem of it is what all calls get, and there is no process. */
  readonly after: Promise<void>;
  /** Milliseconds that a call waits for its `begin` while others are ahead of it. */
  readonly queueTimeout: number;
  /** Milliseconds after which it is killed when nothing is heard of it and a call that was stopped is not over. */
  readonly stopTimeout: number;
  readonly log: (line: string) => void;
  /** The first call has begun. */
  readonly onBegin: () => void;
  /** It ended, or was refused. */
  readonly onGone: (how: "ended" | "died" | "refused") => void;
}

type Flow = (event: CallEvent | { readonly died: string } | { readonly refused: Problem }) => void;

/** The largest delay of a timer; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

/** Times `stopTimeout`: where a child was silent for long before, and went on, it is waited for longer. */
const mostPatience = 10;

export function createChild(options: ChildOptions): Child {
  const { subject, startTimeout, grace, queueTimeout, stopTimeout, log } = options;
  const flows = new Map<number, Flow>();
  /** Calls that were stopped, and are at work until the child says that they are over. */
  const stopped = new Set<number>();
  const silence = createSilence();
  let watch: NodeJS.Timeout | undefined;
  /** Calls that have begun, and are not over. */
  const begun = new Set<number>();
  let hasBegun = false;
  let child: ChildProcess | undefined;
  let ids = 0;
  let ending: Promise<void> | undefined;
  let gone = false;
  let waiting: ToChild[] = [{ type: "start", settings: options.settings }];

  let resolveExited = () => {};
  const exited = new Promise<void>((resolve) => (resolveExited = resolve));
  void options.after.then(open, (thrown: unknown) => leave("refused", { refused: Problem.from(thrown) })).catch(notStarted);

  function notStarted(thrown: Error): void {
    log(`${subject}: its process did not start: ${thrown.message}`);
    leave("died", { died: thrown.message });
  }

  function open(): void {
    if (gone) return;
    const started = start(options);
    // Where the system has no file or process left for it, there is no channel either, and no exit will be heard of.
    if (started.pid === undefined) return void started.on("error", notStarted);
    child = started;
    const timer = setTimeout(() => {
      log(`${subject}: did not start within ${startTimeout} ms`);
      started.kill("SIGKILL");
    }, startTimeout);
    started.on("message", (message: FromChild) => {
      if (message.type === "ready") return clearTimeout(timer);
      silence.end();
      for (const event of message.events) {
        if (isLast(event)) stopped.delete(event.id);
        flows.get(event.id)?.(event);
      }
    });
    started.on("error", (thrown) => log(`${subject}: ${thrown.message}`));
    started.on("exit", (code, signal) => {
      clearTimeout(timer);
      const how = signal ?? `exit code ${code}`;
      if (!ending) log(`${subject}: its process died (${how})`);
      leave(ending ? "ended" : "died", { died: how });
    });
    for (const message of waiting) started.send(message, () => {});
    waiting = [];
  }

  function leave(how: "ended" | "died" | "refused", event: Parameters<Flow>[0]): void {
    if (gone) return;
    gone = true;
    clearInterval(watch);
    options.onGone(how);
    for (const flow of flows.values()) flow(event);
    resolveExited();
  }

  function send(message: ToChild): void {
    // A message that no longer arrives is no loss: the process is gone, and every call hears of that.
    if (child) child.send(message, () => {});
    else if (!gone) waiting.push(message);
  }

  /** Native code that is lost in a call would hold up all others for ever: it ends with its process. */
  function watchStopped(): void {
    if (stopped.size === 0) {
      clearInterval(watch);
      watch = undefined;
      return;
    }
    const patience = Math.min(Math.max(1, (4 * silence.longest) / stopTimeout), mostPatience) * stopTimeout;
    if (silence.soFar() < patience) return;
    log(`${subject}: a call that was stopped did not end, and nothing is heard of its process; it is killed`);
    child?.kill("SIGKILL");
  }

  function stopCall(id: number): void {
    send({ type: "stop", id });
    if (!child || gone) return;
    stopped.add(id);
    // Never begun anew: where callers leave one after the other, it would not come to look.
    watch ??= setInterval(watchStopped, Math.min(1000, stopTimeout)).unref();
  }

  async function* run(call: Call): AsyncGenerator<Part> {
    const id = ++ids;
    const events: Parameters<Flow>[0][] = [];
    let wake: (() => void) | undefined;
    let late: Problem | undefined;
    let over = false;
    let heardLast = false;
    const stop = () => {
      if (!over && !heardLast) stopCall(id);
      over = true;
      wake?.();
    };
    if (flows.size === 0 && stopped.size === 0) silence.begin();
    flows.set(id, (event) => {
      heardLast = !("died" in event) && !("refused" in event) && isLast(event);
      events.push(event);
      wake?.();
    });
    const giveUp = (problem: Problem) => {
      late = problem;
      stop();
    };
    const timer = setTimeout(
      () => giveUp(new Problem("timed-out", `${subject} did not end before the deadline`)),
      Math.min(longestDelay, Math.max(0, call.deadline - Date.now())),
    );
    const queue = setInterval(() => begun.size > 0 && giveUp(queuedTooLong(subject, queueTimeout)), Math.min(longestDelay, queueTimeout));
    call.signal.addEventListener("abort", stop);
    send({ type: "run", id, call: portable(call) });
    let taken = 0;
    try {
      for (;;) {
        if (call.signal.aborted) return;
        if (late) throw late;
        const event = events.shift();
        if (!event) {
          if (gone) throw deathOf(subject, "it is gone");
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        if ("died" in event) throw ending ? endedOf(subject) : deathOf(subject, event.died);
        if ("refused" in event) throw event.refused;
        over = isLast(event);
        if ("over" in event) return;
        if ("problem" in event)
          throw new Problem(event.problem.code, event.problem.message, {
            ...(event.problem.details && { details: event.problem.details }),
          });
        if (taken === 0) begin(id, queue);
        if (++taken % (partsInFlight / 2) === 0) send({ type: "credit", id, parts: partsInFlight / 2 });
        yield event.part;
        if (over) return;
      }
    } finally {
      clearTimeout(timer);
      clearInterval(queue);
      call.signal.removeEventListener("abort", stop);
      flows.delete(id);
      begun.delete(id);
      stop();
    }
  }

  function begin(id: number, queue: NodeJS.Timeout): void {
    clearInterval(queue);
    begun.add(id);
    if (!hasBegun) options.onBegin();
    hasBegun = true;
  }

  async function end(): Promise<void> {
    ending ??= (async () => {
      if (!child) return leave("ended", { died: "it was ended" });
      const kill = setTimeout(() => child?.kill("SIGKILL"), grace);
      child?.kill("SIGTERM");
      await exited;
      clearTimeout(kill);
    })();
    await ending;
  }

  return {
    get pid() {
      return gone ? undefined : child?.pid;
    },
    run,
    end,
  };
}

function start({ entry, subject, environment, log }: ChildOptions): ChildProcess {
  const started = fork(fileURLToPath(entry), [], {
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...environment },
    execArgv: ["--enable-source-maps"],
  });
  for (const output of [started.stdout, started.stderr]) {
    if (output) createInterface({ input: output }).on("line", (line) => log(`${subject}: ${line}`));
  }
  return started;
}

function isLast(event: CallEvent): boolean {
  return "over" in event || "problem" in event || event.part.type === "end";
}

/** How long nothing was heard, and the longest that this has lasted while there was something to hear. A slow machine has long ones. */
function createSilence() {
  let since = performance.now();
  let longest = 0;
  return {
    get longest() {
      return longest;
    },
    soFar: () => performance.now() - since,
    begin() {
      since = performance.now();
    },
    end() {
      longest = Math.max(longest, performance.now() - since);
      since = performance.now();
    },
  };
}

/** Field by field: a call may carry more than crosses, such as its signal. */
function portable({ id, task, model, input, deadline, account, affinity }: Call): PortableCall {
  return { id, task, model, input, deadline, account, affinity };
}

function queuedTooLong(subject: string, milliseconds: number): Problem {
  const seconds = Math.round(milliseconds / 1000);
  return new Problem("at-capacity", `${subject} is busy: the call waited ${seconds} s for its turn; ask again in a moment`, {
    details: { retryAfterSeconds: 5 },
  });
}

function deathOf(subject: string, how: string): Problem {
  return new Problem("engine-failed", `the process that ran ${subject} died; ask again, a new one is started for the next call`, {
    cause: how,
  });
}

function endedOf(subject: string): Problem {
  return new Problem("engine-failed", `the process that ran ${subject} was ended; ask again`);
}
