/** Some sound as a decoder makes it, in the order of time. */
export interface SoundPiece {
  /** Samples in a second. */
  readonly rate: number;
  /** Samples of -1 to 1, an array for each channel, all of one length. */
  readonly channels: readonly Float32Array[];
}

export type SoundPieces = AsyncIterable<SoundPiece>;
