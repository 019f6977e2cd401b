import { setTimeout as sleep } from "node:timers/promises";
import { Problem, type Call, type Engine, type Part, type TextGenerationOutput } from "../core/index.ts";

/**
 * An engine for the tests of processes: the prompt says what it does. It counts what it has made over all calls, so that a second call
 * can ask how far a first one has run.
 */
export function createTrialEngine(settings: unknown): Engine {
  let made = 0;
  let running = 0;

  async function* run(call: Call): AsyncGenerator<Part> {
    const asked = "prompt" in call.input ? String(call.input.prompt) : "";
    const [verb = "", argument = ""] = asked.split(" ");
    running++;
    try {
      if (verb === "silent") await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      yield { type: "begin", usage: {} };
      if (verb === "count") {
        for (let i = 0; i < Number(argument) && !call.signal.aborted; i++) {
          made++;
          yield { type: "delta", usage: {}, delta: { text: "." } };
        }
      }
      if (verb === "wait") await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      if (verb === "deaf") await new Promise(() => {});
      if (verb === "block") await sleep(10); // what was said is on its way
      if (verb === "block") for (;;);
      if (verb === "crash") process.kill(process.pid, "SIGKILL");
      if (verb === "crash") await sleep(60_000); // the signal is on its way
      if (verb === "problem")
        throw new Problem("over-budget", "spent", {
          details: { microneuronsLeft: 1, resetsAt: 2 },
          cause: new Error("a secret of the library"),
        });
      if (verb === "throw") throw new Error("a secret of the library");
      if (call.signal.aborted) return;
      const facts = {
        made,
        running,
        pid: process.pid,
        settings,
        environment: Object.keys(process.env),
        call: { ...call, signal: undefined },
      };
      const output: TextGenerationOutput = { text: JSON.stringify(facts), tool_calls: [], finish_reason: "stop" };
      yield { type: "end", usage: { "output-token": made }, output };
    } finally {
      running--;
    }
  }

  return { name: "trial", run: run as Engine["run"], close: async () => {} }; // tests ask it for text only
}
