import { Problem, type Engine } from "../core/index.ts";
import { partsInFlight, type CallEvent, type FromChild, type PortableCall, type ToChild } from "./process-messages.ts";

interface Running {
  readonly leaving: AbortController;
  credits: number;
  /** Set while the call waits for its reader. */
  resume: (() => void) | undefined;
}

/**
 * The child's side of `createProcessEngine`: an entry script calls it once, and the process serves the engine until its parent ends it
 * or is gone.
 *
 * @param create makes the engine from the settings that the parent gave; whoever writes the entry script knows their type
 */
export function serveEngine(create: (settings: unknown) => Engine): void {
  const send = process.send?.bind(process);
  if (!send) throw new Problem("bad-setting", "this script is started by the server, with a channel to it; it does nothing by itself");
  const running = new Map<number, Running>();
  let engine: Engine | undefined;
  let outbox: CallEvent[] = [];

  function post(event: CallEvent): void {
    if (outbox.push(event) === 1) setImmediate(flush);
  }
  function flush(): void {
    const message: FromChild = { type: "turn", events: outbox };
    outbox = [];
    if (process.connected) send?.(message);
  }

  async function run(id: number, call: PortableCall): Promise<void> {
    const state: Running = { leaving: new AbortController(), credits: partsInFlight, resume: undefined };
    running.set(id, state);
    try {
      if (!engine) throw new Problem("engine-failed", "the engine was not started");
      for await (const part of engine.run({ ...call, signal: state.leaving.signal })) {
        post({ id, part });
        if (--state.credits > 0) continue;
        await new Promise<void>((resolve) => (state.resume = resolve));
        if (state.leaving.signal.aborted) break;
      }
      post({ id, over: true });
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (problem.cause !== undefined) console.error(`${problem.code}: ${problem.message}:`, problem.cause);
      post({ id, problem: { code: problem.code, message: problem.message, details: problem.details } });
    } finally {
      running.delete(id);
    }
  }

  function resume(state: Running): void {
    state.resume?.();
    state.resume = undefined;
  }

  process.on("message", (message: ToChild) => {
    if (message.type === "start") {
      engine = create(message.settings);
      send({ type: "ready" } satisfies FromChild);
    } else if (message.type === "run") {
      void run(message.id, message.call);
    } else {
      const state = running.get(message.id);
      if (!state) return;
      if (message.type === "stop") state.leaving.abort();
      else state.credits += message.parts;
      resume(state);
    }
  });
  // Native code may be at work in other threads: nothing may delay this. It also ends us when the parent was killed and could say nothing.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // Ctrl-C reaches the whole group of processes; the server finishes its calls first and then ends us.
  process.on("SIGINT", () => {});
}
