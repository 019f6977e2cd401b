import type { DocumentFile, DocumentFormat, Reading, ReadingOptions } from "../index.ts";

/** What crosses between the server and the process that reads one file, by structured clone (`serialization: "advanced"`). */

export interface ToReader {
  readonly file: DocumentFile;
  readonly format: DocumentFormat;
  readonly options: ReadingOptions;
  readonly limits: ReaderLimits;
}

export type FromReader = Reading;

export interface ReaderLimits {
  /** Milliseconds for one file. */
  readonly time: number;
  /** Bytes of memory that its process may have, all in all. */
  readonly memory: number;
  /** Characters of text that may come out. */
  readonly characters: number;
}
