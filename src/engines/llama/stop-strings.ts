export interface StopStrings {
  readonly stopped: boolean;
  /** The text that is certain not to be part of a stop string. */
  push(text: string): string;
  /** What was held back, when nothing follows. */
  end(): string;
}

/** Ends a text before the first of some strings, wherever the pieces are cut: no part of such a string gets through. */
export function createStopStrings(stops: readonly string[]): StopStrings {
  let held = "";
  let stopped = false;
  return {
    get stopped() {
      return stopped;
    },
    push(text) {
      if (stopped) return "";
      if (stops.length === 0) return text;
      held += text;
      const found = stops.map((stop) => held.indexOf(stop)).filter((at) => at >= 0);
      stopped = found.length > 0;
      const certain = stopped ? Math.min(...found) : held.length - Math.max(...stops.map((stop) => overlapOf(held, stop)));
      const passed = held.slice(0, certain);
      held = stopped ? "" : held.slice(certain);
      return passed;
    },
    end() {
      const rest = held;
      held = "";
      return rest;
    },
  };
}

/** Length of the longest end of `text` that is a beginning of `mark`, and not all of it. */
export function overlapOf(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
