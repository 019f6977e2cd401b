import { type getDocumentProxy, getResolvedPDFJS } from "unpdf";
import type { Pictures } from "./pictures.ts";

export type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
export type PdfPage = Awaited<ReturnType<PdfDocument["getPage"]>>;

/** Lines, bullets and shadows are pictures too. In pixels of a side. */
const least = 24;

/** Milliseconds for a picture to be decoded. */
const mostWait = 3_000;

interface PixelPicture {
  readonly width: number;
  readonly height: number;
  readonly data?: Uint8ClampedArray;
}

/** The marks of the pictures that a page paints, in its order. */
export async function pagePictures(page: PdfPage, pictures: Pictures): Promise<string> {
  const { OPS } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList();
  const marks: string[] = [];
  for (const [index, operation] of fnArray.entries()) {
    if (operation !== OPS.paintImageXObject || !pictures.wanted) continue;
    const [name] = argsArray[index] as [string, number, number]; // the arguments of this operation
    const picture = await pictureNamed(page, name);
    if (!picture?.data || Math.min(picture.width, picture.height) < least) continue;
    const { data: pixels, width, height } = picture;
    const channels = pixels.length / (width * height);
    if (channels !== 1 && channels !== 3 && channels !== 4) continue;
    marks.push(pictures.mark({ pixels, width, height, channels }));
  }
  return marks.join("\n\n");
}

function pictureNamed(page: PdfPage, name: string): Promise<PixelPicture | null> {
  const objects = name.startsWith("g_") ? page.commonObjs : page.objs; // those that several pages have in common
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), mostWait); // one that cannot be decoded may never come
    objects.get(name, (picture: PixelPicture | null) => {
      clearTimeout(timer);
      resolve(picture);
    });
  });
}
