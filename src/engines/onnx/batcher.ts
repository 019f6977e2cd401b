import type { BatchReport } from "./options.ts";

/** Runs the rows of many calls in common batches. */
export interface Batcher<R extends Tokens, A> {
  /**
   * What is made of each row, in their order.
   *
   * @throws what `compute` throws at one of these rows: what other calls sent does not touch it
   * @throws the signal's reason, at once; rows that wait are taken out of the queue
   */
  run(rows: readonly R[], signal: AbortSignal): Promise<readonly A[]>;
}

export interface Tokens {
  readonly ids: readonly number[];
}

export interface BatcherOptions<R extends Tokens, A> {
  readonly model: string;
  /** @param left whether nobody waits for a row any more, which long work asks now and then */
  readonly compute: (rows: readonly R[], left: (index: number) => boolean) => Promise<readonly A[]>;
  /** Tokens of a batch, padding included. */
  readonly batchTokens: number;
  readonly onBatch: ((batch: BatchReport) => void) | undefined;
}

interface Job<R, A> {
  /** Longest first. */
  waiting: Waiting<R, A>[];
  readonly results: A[];
  missing: number;
  readonly signal: AbortSignal;
  readonly resolve: (results: readonly A[]) => void;
  readonly reject: (reason: unknown) => void;
}

interface Waiting<R, A> {
  readonly job: Job<R, A>;
  readonly index: number;
  readonly row: R;
}

/**
 * No timer: what arrives while a batch runs goes into the next one, and a batch is put together one turn of the event loop after
 * its first row has come, so that calls of the same moment share it.
 *
 * Calls take turns: each batch is begun by the longest row of the call whose turn it is, and filled with the rows of all calls that are
 * nearest to it in length. So a call of many long texts holds up nobody, and little is padding.
 */
export function createBatcher<R extends Tokens, A>({ model, compute, batchTokens, onBatch }: BatcherOptions<R, A>): Batcher<R, A> {
  const jobs: Job<R, A>[] = [];
  let running = false;

  function run(rows: readonly R[], signal: AbortSignal): Promise<readonly A[]> {
    return new Promise((resolve, reject) => {
      const job: Job<R, A> = { waiting: [], results: [], missing: rows.length, signal, resolve, reject };
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

  function leave(job: Job<R, A>): void {
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
      await answer(batch);
    }
    running = false;
  }

  async function answer(batch: readonly Waiting<R, A>[]): Promise<void> {
    try {
      const results = await compute(
        batch.map(({ row }) => row),
        (index) => batch[index]?.job.signal.aborted ?? true,
      );
      batch.forEach((one, i) => settle(one, results[i]));
    } catch (thrown) {
      if (batch.length > 1) for (const one of batch) await answer([one]);
      else for (const { job } of batch) fail(job, thrown);
    }
  }

  function settle({ job, index }: Waiting<R, A>, result: A | undefined): void {
    if (result === undefined) return fail(job, new Error("a row got no answer"));
    job.results[index] = result;
    if (--job.missing > 0) return;
    leave(job);
    job.resolve(job.results);
  }

  function fail(job: Job<R, A>, cause: unknown): void {
    leave(job);
    job.reject(cause);
  }

  return { run };
}

/** Takes the rows of the next batch out of the jobs, and moves the job whose turn it was to the end. */
function nextBatch<R extends Tokens, A>(jobs: Job<R, A>[], batchTokens: number): Waiting<R, A>[] {
  const turn = jobs[0];
  const first = turn?.waiting[0];
  if (!turn || !first) return [];
  const distance = ({ row }: Waiting<R, A>) => Math.abs(row.ids.length - first.row.ids.length);
  const others = jobs.flatMap(({ waiting }) => waiting).filter((one) => one !== first);
  const batch = fill(
    [first],
    others.toSorted((a, b) => distance(a) - distance(b)),
    batchTokens,
  );
  const taken = new Set(batch);
  for (const job of new Set(batch.map((one) => one.job))) job.waiting = job.waiting.filter((one) => !taken.has(one));
  jobs.push(...jobs.splice(0, 1));
  return batch;
}

/** Adds what fits into the tokens of a batch, while no more than a third of it is padding, or a few tokens. */
function fill<R extends Tokens, A>(batch: Waiting<R, A>[], others: readonly Waiting<R, A>[], batchTokens: number): Waiting<R, A>[] {
  let longest = Math.max(...batch.map(({ row }) => row.ids.length));
  let read = batch.reduce((sum, { row }) => sum + row.ids.length, 0);
  for (const one of others) {
    const length = one.row.ids.length;
    const width = Math.max(longest, length);
    const size = width * (batch.length + 1);
    if (size > batchTokens || size - read - length > Math.max(64, size / 3)) continue;
    batch.push(one);
    longest = width;
    read += length;
  }
  return batch;
}
