import type * as z from "zod";
import type { ModelCard } from "../model-card.ts";
import type { Usage } from "../usage.ts";
import type { Media } from "./media.ts";

/**
 * One kind of work: what goes in, what comes out piece by piece and whole, and how Workers AI writes both.
 * A task is one file in this folder and one line in `index.ts`.
 */
export interface TaskDefinition<I extends z.ZodType = z.ZodType, D extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** As Cloudflare's catalogue writes it: `Text Generation`. */
  readonly label: string;
  /** The UUID that Cloudflare's catalogue has for the task; undefined where we have none from a source. */
  readonly id: string | undefined;
  readonly description: string;
  /** Core words: field names of the native Workers AI inputs; media is bytes with a media type. */
  readonly input: I;
  readonly delta: D;
  readonly output: O;
  /** The most that a call can use, known without a tokenizer or a decoder. Never less than what will be measured. */
  bound(input: z.output<I>, model: ModelCard): Usage;
  /** Where Workers AI's wire differs per model, the card names one of these. Empty: this server does not serve the task yet. */
  readonly wire: Readonly<Record<string, WireForm<z.output<I>, z.output<D>, z.output<O>>>>;
}

/** What a wire form may know of the call beside the output. */
export interface WireContext<I> {
  readonly input: I;
  /** The request's body, as `read` had it. */
  readonly body: unknown;
  readonly model: string;
  readonly callId: string;
  /** Unix milliseconds. */
  readonly at: number;
}

/** One way in which Workers AI writes a task's input and output, printed by `models/schema` and spoken by `ai/run`. */
export interface WireForm<I, D, O> {
  /** JSON body of `ai/run`, without transforms, so that it prints as JSON Schema. */
  readonly input: z.ZodType;
  /** `result` of the reply. */
  readonly output: z.ZodType;
  /**
   * @throws z.ZodError with paths into the body
   * @throws Problem for what a schema cannot say
   */
  read(body: unknown): I;
  /** Reads a body that is the file itself, for models that take one; what else a call may say is in the query. */
  readonly readMedia?: (media: Media, query: URLSearchParams) => I;
  write(output: O, usage: Usage, context: WireContext<I>): unknown;
  /** The reply is this file and no JSON; `write` is not asked then. */
  readonly writeMedia?: (output: O) => Media;
  /** JSON objects of the events of a stream, or undefined where the task does not stream. A `begin` part may open the stream. */
  readonly events?: {
    readonly begin: (context: WireContext<I>) => readonly unknown[];
    readonly delta: (delta: D, context: WireContext<I>) => readonly unknown[];
    readonly end: (output: O, usage: Usage, context: WireContext<I>) => readonly unknown[];
    /** An event that says nothing, for a stream that must not fall silent. */
    readonly idle: unknown;
  };
}

export function defineTask<I extends z.ZodType, D extends z.ZodType, O extends z.ZodType>(
  task: TaskDefinition<I, D, O>,
): TaskDefinition<I, D, O> {
  return task;
}

/** UTF-8 bytes of a text: no tokenizer makes more tokens than this, its template apart. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}
