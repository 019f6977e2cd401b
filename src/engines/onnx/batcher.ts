import { Problem } from "../../core/index.ts";
import type { BatchReport } from "./options.ts";
import type { Session, Vectors } from "./session.ts";
import type { Row } from "./token-reader.ts";

/** Runs the rows of many calls in common batches. */
export interface Batcher {
  /**
   * What one output of the graph says to each row, in their order.
   *
   * @throws Problem engine-failed for these rows alone: what other calls sent does not touch it
   * @throws the signal's reason, at once; rows that wait are taken out of the queue
   */
  run(rows: readonly Row[], output: string, signal: AbortSignal): Promise<readonly Vectors[]>;
}

export interface BatcherOptions {
  readonly model: string;
  readonly session: Pick<Session, "run">;
  /** Tokens of a batch, padding included. */
  readonly batchTokens: number;
  readonly onBatch: ((batch: BatchReport) => void) | undefined;
}

interface Job {
  readonly output: string;
  /** Longest first. */
  waiting: Waiting[];
  readonly results: Vectors[];
  missing: number;
  readonly resolve: (results: readonly Vectors[]) => void;
  readonly reject: (reason: unknown) => void;
}

interface Waiting {
  readonly job: Job;
  readonly index: number;
  readonly row: Row;
}

/**
 * No timer: what arrives while a batch runs goes into the next one, and a batch is put together one turn of the event loop after
 * its first row has come, so that calls of the same moment share it.
 *
 * Calls take turns: each batch is begun by the longest row of the call whose turn it is, and filled with the rows of all calls that are
 * nearest to it in length, so that a call of many long texts holds up nobody, and little is padding.
 */
export function createBatcher({ model, session, batchTokens, onBatch }: BatcherOptions): Batcher {
  const jobs: Job[] = [];
  let running = false;

  function run(rows: readonly Row[], output: string, signal: AbortSignal): Promise<readonly Vectors[]> {
    return new Promise((resolve, reject) => {
      const job: Job = { output, waiting: [], results: [], missing: rows.length, resolve, reject };
      job.waiting = rows.map((row, index) => ({ job, index, row })).toSorted((a, b) => b.row.ids.length - a.row.ids.length);
      jobs.push(job);
      const abort = () => {
        leave(job);
        reject(signal.reason);
      };
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort, { once: true });
      if (!running) void work();
    });
  }

  function leave(job: Job): void {
    const at = jobs.indexOf(job);
    if (at >= 0) jobs.splice(at, 1);
  }

  async function work(): Promise<void> {
    running = true;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve)); // what arrived meanwhile is read here, and who left is gone
      const batch = nextBatch(jobs, batchTokens);
      if (batch.length === 0) break;
      onBatch?.({
        model,
        texts: batch.length,
        calls: new Set(batch.map(({ job }) => job)).size,
        longest: Math.max(...batch.map(({ row }) => row.ids.length)),
      });
      await compute(batch);
    }
    running = false;
  }

  async function compute(batch: readonly Waiting[]): Promise<void> {
    const outputs = [...new Set(batch.map(({ job }) => job.output))];
    try {
      const results = await session.run(
        batch.map(({ row }) => row),
        outputs,
      );
      batch.forEach((one, i) => settle(one, results[i]?.[one.job.output]));
    } catch (thrown) {
      if (batch.length > 1) for (const one of batch) await compute([one]);
      else for (const { job } of batch) fail(job, thrown);
    }
  }

  function settle({ job, index }: Waiting, result: Vectors | undefined): void {
    if (!result) return fail(job, new Error(`no output ${job.output}`));
    job.results[index] = result;
    if (--job.missing > 0) return;
    leave(job);
    job.resolve(job.results);
  }

  function fail(job: Job, cause: unknown): void {
    leave(job);
    job.reject(Problem.from(cause, `${model} could not compute this input; the server's log says why`));
  }

  return { run };
}

/** Takes the rows of the next batch out of the jobs, and moves the job whose turn it was to the end. */
function nextBatch(jobs: Job[], batchTokens: number): Waiting[] {
  const first = jobs.find(({ waiting }) => waiting.length > 0);
  const longest = first?.waiting[0]?.row.ids.length;
  if (first === undefined || longest === undefined) return [];
  const most = Math.max(1, Math.floor(batchTokens / Math.max(1, longest)));
  const fitting = jobs.flatMap(({ waiting }) => waiting.filter(({ row }) => row.ids.length <= longest));
  const own = first.waiting[0];
  const batch = fitting.toSorted((a, b) => Number(b === own) - Number(a === own) || b.row.ids.length - a.row.ids.length).slice(0, most);
  const taken = new Set(batch);
  for (const job of new Set(batch.map((one) => one.job))) job.waiting = job.waiting.filter((one) => !taken.has(one));
  jobs.splice(jobs.indexOf(first), 1);
  jobs.push(first);
  return batch;
}
