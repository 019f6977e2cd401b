import { type Call, type Part, Problem, type TaskId } from "../core/index.ts";
import type { Candidate } from "./pool.ts";

/**
 * Runs a call on the first engine that can: until the first delta a retryable Problem moves on to the next engine, after it never.
 * A `begin` of an engine that then failed is followed by the `begin` of the next one.
 */
export async function* runOnFirst<T extends TaskId>(call: Call<T>, candidates: readonly Candidate[]): AsyncGenerator<Part<T>> {
  let last: Problem | undefined;
  for (const candidate of candidates) {
    let answered = false;
    let outcome: "fine" | "failed" = "fine";
    candidate.enter();
    try {
      for await (const part of candidate.engine.run(call)) {
        answered ||= part.type !== "begin";
        yield part;
        if (part.type === "end") return;
      }
      if (call.signal.aborted) return;
      throw new Problem("engine-failed", `${candidate.engine.name} stopped before the end of the answer`);
    } catch (thrown) {
      last = Problem.from(thrown);
      if (last.code === "engine-failed" || last.code === "timed-out") outcome = "failed";
      if (answered || !last.retry || call.signal.aborted) throw last;
    } finally {
      candidate.leave(outcome);
    }
  }
  throw last ?? new Problem("at-capacity", `every engine of ${call.model.name} is busy; try again in a moment`);
}
