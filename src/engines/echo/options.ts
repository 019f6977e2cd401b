export interface EchoOptions {
  /** Waits before each piece of work, so that a stream can be watched or left; default: not at all. */
  readonly pause?: (signal: AbortSignal) => Promise<void>;
  /** Unix milliseconds. */
  readonly now?: () => number;
}
