import type SharpFunction from "sharp";
import { type Media, Problem } from "../core/index.ts";
import { type PictureFormat, pictureFormatOf, pictureFormats } from "./picture-format.ts";
import type { Pixels } from "./pixels.ts";

/** A picture whose size is known and whose colours are not yet read. */
export interface Picture {
  /** In pixels, as it is seen: turned upright where its camera noted how it was held. */
  readonly width: number;
  readonly height: number;
  /**
   * Its colours in sRGB, upright; what is transparent is white. Of an animation the first picture.
   *
   * @param enough a size to which it will be scaled: a much larger picture comes smaller than it is, but at least twice that size
   * @throws Problem bad-input for a file that is damaged
   */
  pixels(enough?: { readonly width: number; readonly height: number }): Promise<Pixels>;
  /** Where it is transparent, as white, and where it is not, as black; undefined where nothing of it can be seen through. */
  transparency(): Promise<Pixels | undefined>;
}

/** Pixels of a picture that is read at most: a file of few bytes may unfold to any number. AVIF takes several times as long as the others. */
const mostPixelsOf = (format: PictureFormat) => (format === "avif" ? 16_000_000 : 64_000_000);

/** Seconds that libvips may work on one picture. */
const mostSeconds = 10;

/**
 * Reads the head of a picture that a client has sent.
 *
 * @param field where it was in the request, for messages: `/image`
 * @throws Problem bad-input for what is no picture, is of another format, damaged, or too large
 */
export async function openPicture({ bytes }: Media, field: string): Promise<Picture> {
  const refuse = (why: string, cause?: unknown) => new Problem("bad-input", `'${field}' ${why}`, { details: { field }, cause });
  const damaged = (cause: unknown) =>
    cause instanceof Error && cause.message.includes("timeout")
      ? refuse(`takes more than ${mostSeconds} seconds to read; send a smaller one`, cause)
      : refuse("is damaged or cut off, and cannot be read", cause);

  const format = pictureFormatOf(bytes);
  if (!format) throw refuse(`is no picture that is read here; send ${pictureFormats.join(", ")}`);
  const mostPixels = mostPixelsOf(format);
  const sharp = await loadSharp();
  const read = (limitInputPixels: number | false) => sharp(bytes, { limitInputPixels, failOn: "error" }).timeout({ seconds: mostSeconds });
  const head = await read(false)
    .metadata()
    .catch((cause: unknown) => {
      throw damaged(cause);
    });
  if (head.width * head.height > mostPixels) {
    throw refuse(`has ${head.width} x ${head.height} pixels; at most ${mostPixels / 1_000_000} million are read`);
  }
  const { width, height } = head.autoOrient;

  async function pixels(enough?: { readonly width: number; readonly height: number }): Promise<Pixels> {
    const excess = enough ? Math.min(width / enough.width, height / enough.height) : 1;
    const upright = read(mostPixels).autoOrient();
    const smaller =
      excess >= 4 ? upright.resize(Math.round((width * 2) / excess), Math.round((height * 2) / excess), { fit: "fill" }) : upright;
    try {
      const { data, info } = await smaller
        .flatten({ background: "white" })
        .toColourspace("srgb")
        .raw({ depth: "uchar" })
        .toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, data: info.channels === 3 ? data : inThreeChannels(data, info.channels) };
    } catch (cause) {
      throw damaged(cause);
    }
  }

  async function transparency(): Promise<Pixels | undefined> {
    if (!head.hasAlpha) return undefined;
    try {
      const { data, info } = await read(mostPixels)
        .autoOrient()
        .extractChannel("alpha")
        .negate()
        .raw({ depth: "uchar" })
        .toBuffer({ resolveWithObject: true });
      return data.some((value) => value > 0)
        ? { width: info.width, height: info.height, data: inThreeChannels(data, info.channels) }
        : undefined;
    } catch (cause) {
      throw damaged(cause);
    }
  }

  return { width, height, pixels, transparency };
}

/** libvips keeps a grey picture in one channel. */
function inThreeChannels(data: Uint8Array, channels: number): Uint8Array {
  const pixels = Math.floor(data.length / channels);
  const made = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) made.fill(data[i * channels] ?? 0, i * 3, i * 3 + 3);
  return made;
}

/** A file of what was drawn. The same pixels give the same bytes. */
export async function pngOf({ width, height, data }: Pixels): Promise<Media> {
  const sharp = await loadSharp();
  const made = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { bytes: new Uint8Array(made.buffer, made.byteOffset, made.byteLength), mediaType: "image/png" };
}

type Sharp = typeof SharpFunction;

let loading: Promise<Sharp> | undefined;

/** Loaded at first use, for it brings native code, and told to read nothing but the formats above: no SVG, no PDF, no files by name. */
export function loadSharp(): Promise<Sharp> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({
      operation: ["Png", "Jpeg", "Webp", "Nsgif", "Tiff", "Heif"].map((format) => `VipsForeignLoad${format}Buffer`),
    });
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loading;
}
