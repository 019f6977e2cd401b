import type { Caller } from "../core/index.ts";

interface Entry {
  readonly caller: Promise<Caller | undefined>;
  /** Unix milliseconds. */
  readonly readAt: number;
}

/** Milliseconds for which an answer holds: as long may a token live that another process revoked. */
const freshFor = 1_000;
const mostEntries = 10_000;

/**
 * Callers by the hash of their secret: read at most once a second each, by all who ask at once.
 * Only who exists is kept, so that guesses push out nobody.
 */
export function createCallerCache(read: (hash: string) => Promise<Caller | undefined>, now: () => number) {
  const entries = new Map<string, Entry>();

  function trim(): void {
    for (const oldest of entries.keys()) {
      if (entries.size <= mostEntries) break;
      entries.delete(oldest);
    }
  }

  function readAndKeep(hash: string): Promise<Caller | undefined> {
    const caller = read(hash);
    const entry = { caller, readAt: now() };
    entries.delete(hash); // a Map keeps the order of insertion: the first key is the one that was read longest ago
    entries.set(hash, entry);
    const forget = () => {
      if (entries.get(hash) === entry) entries.delete(hash);
    };
    caller.then((found) => (found ? trim() : forget()), forget);
    return caller;
  }

  return {
    find(hash: string): Promise<Caller | undefined> {
      const entry = entries.get(hash);
      return entry && now() - entry.readAt < freshFor ? entry.caller : readAndKeep(hash);
    },
    clear(): void {
      entries.clear();
    },
  };
}
