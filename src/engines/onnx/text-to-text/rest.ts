/** Milliseconds of work after which others get a turn. */
const turn = 20;

/**
 * For long work on this thread: what it returns lets others in when it has had its turn.
 *
 * @throws the signal's reason, when the caller has left meanwhile
 */
export function createRest(signal: AbortSignal): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < turn) return undefined;
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        since = performance.now();
        if (signal.aborted) reject(signal.reason);
        else resolve();
      });
    });
  };
}
