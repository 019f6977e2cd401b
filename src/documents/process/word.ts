import mammoth from "mammoth";
import { parsePage } from "./parse-page.ts";
import type { ReadText } from "./read-text.ts";
import { writePage } from "./write-page.ts";

/** What Word calls a title is one. */
const styles = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"];

export const readWord: ReadText = async ({ file, options }, pictures) => {
  const marks = new Map<string, string>();
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(file.bytes) },
    {
      styleMap: styles,
      externalFileAccess: false,
      convertImage: mammoth.images.imgElement(async (picture) => {
        const src = `${marks.size}`;
        marks.set(src, pictures.wanted ? pictures.mark({ bytes: await picture.readAsBuffer() }) : "");
        return { src };
      }),
    },
  );
  const { body } = parsePage(value);
  return writePage(body, options.writing, (picture) => `\n\n${marks.get(picture.getAttribute("src") ?? "") ?? ""}\n\n`);
};
