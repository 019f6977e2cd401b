import type { ToReader } from "./messages.ts";
import type { Pictures } from "./pictures.ts";

/**
 * What a document says, with the marks of its pictures in it.
 *
 * @throws Problem with a sentence for the sender, or whatever a parser throws
 */
export type ReadText = (message: ToReader, pictures: Pictures) => Promise<string>;
