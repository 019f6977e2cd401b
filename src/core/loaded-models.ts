/** A model that is in this machine's memory, in a process of its own. */
export interface LoadedModel {
  /** The names that it was asked for by: two models may be the same files. */
  readonly names: readonly string[];
  readonly engine: string;
  /** `waiting`: for memory that others have. */
  readonly state: "waiting" | "loading" | "busy" | "idle";
  /** What the operating system has given its process, mapped files included; undefined where it does not say. */
  readonly bytes: number | undefined;
  /** Calls that run in it, or wait for it. */
  readonly calls: number;
  /** Unix milliseconds; undefined while it is in use. */
  readonly idleSince: number | undefined;
}

/** The models in this machine's memory, for who runs it. */
export interface LoadedModels {
  /** The least recently used first. */
  list(): readonly LoadedModel[];
  /**
   * Ends the process of a model and gives its memory back: at once if it is idle or if `now`, which fails the calls in it; else when the
   * last of them has ended.
   *
   * @throws Problem not-found where no model of this name is in memory
   */
  unload(name: string, now: boolean): Promise<"ended" | "ends-when-idle">;
}
