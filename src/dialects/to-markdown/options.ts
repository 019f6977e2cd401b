import * as z from "zod";
import type { ReadingOptions } from "../../documents/index.ts";

/** Of one file, however many are asked for. Source: …/markdown-conversion/conversion-options, seen 2026-11. */
const mostPictures = 10;

const language = z.enum(["en", "es", "fr", "it", "pt", "de"]);
export type DescriptionLanguage = z.output<typeof language>;

const embedded = z.object({
  convert: z.boolean().nullish(),
  maxConvertedImages: z.int().min(0).nullish(),
  descriptionLanguage: language.nullish(),
});

/**
 * Source: developers.cloudflare.com/workers-ai/features/markdown-conversion/conversion-options and the types of
 * @cloudflare/workers-types 5, seen 2026-11.
 */
export const conversionOptions = z.object({
  output: z.object({ format: z.enum(["markdown", "text"]).nullish() }).nullish(),
  image: z.object({ descriptionLanguage: language.nullish() }).nullish(),
  html: z
    .object({
      images: embedded.extend({ convertOGImage: z.boolean().nullish() }).nullish(),
      hostname: z.string().max(2_000).nullish(),
      cssSelector: z.string().max(2_000).nullish(),
    })
    .nullish(),
  docx: z.object({ images: embedded.nullish() }).nullish(),
  pdf: z.object({ images: embedded.nullish(), metadata: z.boolean().nullish() }).nullish(),
});
export type ConversionOptions = z.output<typeof conversionOptions>;

export function readingOptionsOf({ output, html, docx, pdf }: ConversionOptions): ReadingOptions {
  return {
    writing: output?.format ?? "markdown",
    pictures: { html: countOf(html?.images), word: countOf(docx?.images), pdf: countOf(pdf?.images) },
    html: {
      hostname: html?.hostname || undefined,
      cssSelector: html?.cssSelector || undefined,
      openGraphPicture: html?.images?.convertOGImage ?? false,
    },
    pdf: { metadata: pdf?.metadata ?? true },
  };
}

function countOf(images: z.output<typeof embedded> | null | undefined): number {
  return images?.convert ? Math.min(mostPictures, images.maxConvertedImages ?? mostPictures) : 0;
}

/** In which language the pictures of a kind of file are to be described. */
export function languageOf({ image, html, docx, pdf }: ConversionOptions, kind: string): DescriptionLanguage | undefined {
  const asked = { html: html?.images, word: docx?.images, "open-text": docx?.images, pdf: pdf?.images, picture: image };
  return (Object.hasOwn(asked, kind) ? asked[kind as keyof typeof asked]?.descriptionLanguage : undefined) ?? undefined;
}
