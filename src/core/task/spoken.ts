import * as z from "zod";

/** Seconds from the beginning of the recording. */
export const spokenWord = z.object({ word: z.string(), start: z.number(), end: z.number() });
export const spokenSegment = z.object({ text: z.string(), start: z.number(), end: z.number(), words: z.array(spokenWord) });
export type SpokenSegment = z.output<typeof spokenSegment>;
