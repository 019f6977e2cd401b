import type { CustomBatchingPrioritizationStrategy, EvaluationPriority, LlamaContextSequence } from "node-llama-cpp";

/** Lets the sequences of a context compute together, each a token or a slice of its prompt at a time. */
export interface Beat {
  /** Runs `compute` together with all others that are asked for until it begins. It must ask the context for one decode. */
  step<T>(compute: () => Promise<T>): Promise<T>;
  /** What a decode must be asked with: the library hands `bySequence` a priority and no sequence, so the one says the other. */
  priorityOf(sequence: LlamaContextSequence): EvaluationPriority;
}

/**
 * The library sends what it finds in its queue as soon as one sequence has its token, so that the last one always missed the batch of the
 * others and was computed alone: of eight, seven and then one. Here nobody goes on until all have their tokens.
 *
 * @param sequences all of a context, in the order in which it gave them
 */
export function createBeat(sequences: readonly LlamaContextSequence[]): Beat {
  let computing = 0;
  let waiting: (() => void)[] = [];

  function next(): void {
    const all = waiting;
    waiting = [];
    computing = all.length;
    for (const begin of all) begin();
  }

  return {
    async step(compute) {
      await new Promise<void>((begin) => {
        // The first of them waits a turn of the event loop for the others, which have their tokens by then.
        if (waiting.push(begin) === 1 && computing === 0) setImmediate(next);
      });
      try {
        return await compute();
      } finally {
        if (--computing === 0 && waiting.length > 0) setImmediate(next);
      }
    },
    priorityOf: (sequence) => (sequences.indexOf(sequence) + 1) as EvaluationPriority,
  };
}

/**
 * What one batch takes of each sequence, lowest sequence first. llama.cpp computes a run of neighbours at once, and begins anew where one is
 * missing or out of order: in the order in which they come, eight sequences cost about as much as eight batches.
 *
 * Source: `llama_batch_allocr::split_equal` in llama.cpp, which is told to be sequential where each sequence has its own part of the cache.
 */
export const bySequence: CustomBatchingPrioritizationStrategy = ({ items, size }) => {
  const share = Math.max(1, Math.floor(size / items.length));
  return items
    .toSorted((one, other) => one.evaluationPriority - other.evaluationPriority)
    .map((item) => ({ item, processAmount: Math.min(item.tokens.length, share) }));
};
