import { randomUUID } from "node:crypto";
import type { Media } from "../../core/index.ts";
import type { Piece } from "../index.ts";
import { preparePicture, type SourcePicture } from "./prepare-picture.ts";

/** Collects the pictures of a document, which stand in its text as marks until the text is done. */
export interface Pictures {
  /** Whether one more is wanted. */
  readonly wanted: boolean;
  /** A word that stands for the picture, and that no document has; empty where no more are wanted. */
  mark(picture: SourcePicture, counts?: "uncounted"): string;
  /** The same for one that is as models want it, and does not count. */
  markPrepared(picture: Media): string;
  /** The text cut at its marks. Pictures that cannot be read are left out. */
  piecesOf(text: string): Promise<Piece[]>;
}

/** @param most that are wanted */
export function createPictures(most: number): Pictures {
  // Letters and digits, which no way of writing escapes.
  const word = `picture${randomUUID().replaceAll("-", "")}n`;
  const found: (() => Promise<Media | undefined>)[] = [];
  let counted = 0;

  function mark(read: () => Promise<Media | undefined>): string {
    return `${word}${found.push(read) - 1}e`;
  }

  return {
    get wanted() {
      return counted < most;
    },
    mark(picture, counts) {
      if (counts === undefined && counted++ >= most) return "";
      return mark(() => preparePicture(picture).catch(() => undefined));
    },
    markPrepared: (picture) => mark(async () => picture),
    async piecesOf(text) {
      const pieces: Piece[] = [];
      for (const [index, part] of text.split(new RegExp(`${word}(\\d+)e`)).entries()) {
        const isMark = index % 2 === 1;
        const piece = isMark ? await found[Number(part)]?.() : part;
        if (piece !== undefined && piece !== "") pieces.push(piece);
      }
      return pieces;
    },
  };
}
