import type SharpFunction from "sharp";
import type { Media } from "../../core/index.ts";

/** A file of a picture, or the pixels of one. */
export type SourcePicture =
  | { readonly bytes: Uint8Array }
  | {
      readonly pixels: Uint8Array | Uint8ClampedArray;
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3 | 4;
    };

/** What models that describe pictures are shown at most. Source: …/features/markdown-conversion/how-it-works, seen 2026-11. */
const largest = { width: 1280, height: 720 };
const mostPixels = 64_000_000;

/**
 * A picture as a PNG, JPEG or WebP file that is no larger than models want it; drawn, where it is an SVG file.
 *
 * @throws whatever libvips says of a file that is damaged or too large
 */
export async function preparePicture(source: SourcePicture): Promise<Media> {
  const sharp = await loadSharp();
  const picture =
    "bytes" in source
      ? sharp(source.bytes, { limitInputPixels: mostPixels, failOn: "error" })
      : sharp(source.pixels, { raw: { width: source.width, height: source.height, channels: source.channels } });
  const { format, width, height, orientation = 1, pages = 1 } = await picture.metadata();
  const fits = width <= largest.width && height <= largest.height && orientation === 1 && pages === 1;
  if (fits && "bytes" in source && (format === "png" || format === "jpeg" || format === "webp")) {
    await picture.stats(); // reads it to its end
    return { bytes: new Uint8Array(source.bytes), mediaType: `image/${format}` };
  }
  const scaled = picture.autoOrient().resize({ ...largest, fit: "inside", withoutEnlargement: true });
  const made = await (format === "jpeg" ? scaled.jpeg() : scaled.png()).toBuffer();
  return { bytes: new Uint8Array(made), mediaType: format === "jpeg" ? "image/jpeg" : "image/png" };
}

let loading: Promise<typeof SharpFunction> | undefined;

/** Told to read nothing but what is converted here. An SVG that comes as bytes has no folder, so that nothing beside it can be read. */
function loadSharp(): Promise<typeof SharpFunction> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({ operation: ["Png", "Jpeg", "Webp", "Svg", "Nsgif"].map((format) => `VipsForeignLoad${format}Buffer`) });
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loading;
}
