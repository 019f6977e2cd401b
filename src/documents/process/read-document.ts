import { Problem } from "../../core/index.ts";
import type { DocumentKind, Reading, ReadingOptions } from "../index.ts";
import { broken, tooDeep, tooLong } from "./errors.ts";
import type { ToReader } from "./messages.ts";
import { createPictures } from "./pictures.ts";
import type { ReadText } from "./read-text.ts";

/** A parser is loaded when a file wants it. */
const readers: Readonly<Record<DocumentKind, () => Promise<ReadText>>> = {
  pdf: async () => (await import("./pdf.ts")).readPdf,
  picture: async () => (await import("./picture-file.ts")).readPictureFile,
  html: async () => (await import("./html.ts")).readHtml,
  xml: async () => (await import("./plain.ts")).readPlain,
  json: async () => (await import("./plain.ts")).readPlain,
  csv: async () => (await import("./csv.ts")).readCsv,
  sheets: async () => (await import("./sheets.ts")).readSheets,
  word: async () => (await import("./word.ts")).readWord,
  "open-text": async () => (await import("./open-text.ts")).readOpenText,
};

/** Never fails: what a parser throws is nothing for the sender, whose file it quotes. */
export async function readDocument(message: ToReader): Promise<Reading> {
  const { format, limits, options } = message;
  try {
    const read = await readers[format.kind]();
    const pictures = createPictures(mostPictures(format.kind, options.pictures));
    const text = await read(message, pictures);
    if (text.length > limits.characters) throw tooLong(limits);
    return { pieces: await pictures.piecesOf(text) };
  } catch (thrown) {
    if (thrown instanceof Problem) return { error: thrown.message };
    return { error: thrown instanceof RangeError ? tooDeep : broken(format) };
  }
}

function mostPictures(kind: DocumentKind, { html, word, pdf }: ReadingOptions["pictures"]): number {
  switch (kind) {
    case "html":
      return html;
    case "word":
    case "open-text":
      return word;
    case "pdf":
      return pdf;
    default:
      return 0;
  }
}
