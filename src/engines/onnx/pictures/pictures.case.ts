import { readFileSync } from "node:fs";
import sharp from "sharp";
import type { Media } from "../../../core/index.ts";
import { builtIn } from "../models.case.ts";

export const tinyClassify = builtIn("tiny-shapes/classify", "image-classification");
export const tinyDetect = builtIn("tiny-shapes/detect", "object-detection");
export const tinyCaption = builtIn("tiny-shapes/caption", "image-to-text");

const heldOut = new URL("../../../../models/tiny-shapes/held-out/", import.meta.url);

export interface Drawing {
  readonly file: string;
  readonly image: Media;
}

/** Drawings that no model has seen, with what is on them. */
export function drawings(task: "caption"): readonly (Drawing & { readonly caption: string })[];
export function drawings(task: "classify"): readonly (Drawing & { readonly label: string })[];
export function drawings(
  task: "detect",
): readonly (Drawing & { readonly labels: readonly string[]; readonly boxes: readonly (readonly number[])[] })[];
export function drawings(task: string): readonly Drawing[] {
  const rows = JSON.parse(readFileSync(new URL(`${task}.json`, heldOut), "utf8")) as readonly { file: string }[];
  return rows.map((row) => ({ ...row, image: mediaOf(readFileSync(new URL(row.file, heldOut))) }));
}

export function mediaOf(bytes: Uint8Array): Media {
  return { bytes: new Uint8Array(bytes), mediaType: "application/octet-stream" };
}

/** A PNG of one colour. */
export async function plain(width: number, height: number, [r = 0, g = 0, b = 0]: readonly number[]): Promise<Media> {
  return mediaOf(
    await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
      .png()
      .toBuffer(),
  );
}
