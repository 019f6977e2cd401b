import type { Media } from "../core/index.ts";

/** A file that a client sent. */
export interface DocumentFile {
  readonly name: string;
  /** What the sender says that it is, parameters included; may be empty or wrong. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export type Writing = "markdown" | "text";

export interface ReadingOptions {
  readonly writing: Writing;
  /** Pictures within a document that are wanted as pieces, at most; the others are left out. */
  readonly pictures: { readonly html: number; readonly word: number; readonly pdf: number };
  readonly html: {
    /** The host that relative links are on; before a `base` of the page. */
    readonly hostname?: string | undefined;
    /** What of the page is wanted; absent: all but its header, footer and navigation. */
    readonly cssSelector?: string | undefined;
    /** Whether the picture that the page names for links to it is wanted; only one that is within the page is read. */
    readonly openGraphPicture: boolean;
  };
  readonly pdf: { readonly metadata: boolean };
}

/** Text, or a picture (PNG, JPEG or WebP of at most 1280x720) that belongs between the texts before and after it. */
export type Piece = string | Media;

/** What was in a file, or a sentence that says why it could not be read. */
export type Reading = { readonly pieces: readonly Piece[] } | { readonly error: string };

/** Who wants a file read. */
export interface Reader {
  readonly account: string;
  readonly signal: AbortSignal;
}

/** Reads documents of strangers. */
export interface Documents {
  /** Milliseconds that all files of a request may take together, the descriptions of their pictures too. */
  readonly requestTime: number;
  /**
   * No file makes this throw: one that is damaged, hostile or too large is a reading with an error.
   *
   * @throws Problem at-capacity where too many are being read already or after `close`, and the signal's reason when it is aborted
   */
  read(file: DocumentFile, options: ReadingOptions, reader: Reader): Promise<Reading>;
  /** Ends what is running; what waits does not begin. */
  close(): Promise<void>;
}
