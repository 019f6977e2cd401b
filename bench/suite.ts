/** One line of the report: a value for each round, and what it should be. */
export interface Row {
  /** `stream, 32 clients`. */
  readonly of: string;
  /** `CPU per request / bare hono`. */
  readonly what: string;
  /** Empty for a ratio. */
  readonly unit: "" | "ms" | "us" | "MB" | "KB";
  readonly rounds: readonly number[];
  readonly target?: Target;
}

export type Target = { readonly most: number } | { readonly least: number };

export interface SuiteOptions {
  readonly rounds: number;
  /** Shows that the bench runs, in seconds; its numbers mean nothing. */
  readonly quick: boolean;
  /** For databases and model files, on a disk that is one; emptied at the end. */
  readonly folder: string;
  /** Folder for CPU profiles of the processes that are measured. */
  readonly profile: string | undefined;
  readonly progress: (line: string) => void;
}

export interface SuiteResult {
  readonly rows: readonly Row[];
  /** Everything that was measured, for the JSON. */
  readonly samples?: unknown;
}

export type Suite = (options: SuiteOptions) => Promise<SuiteResult>;
