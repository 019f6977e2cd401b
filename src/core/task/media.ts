import * as z from "zod";

/** An encoded file (PNG, JPEG, WAV, MP3, …), not pixels or samples. */
export const media = z.object({ bytes: z.instanceof(Uint8Array), mediaType: z.string() });
export type Media = z.output<typeof media>;

/** A label with a score of 0 to 1. */
export const scoredLabel = z.object({ label: z.string(), score: z.number() });

/** Bytes of base64 or base64url text, white space ignored; undefined where it is neither. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The media of a `data:` URL in base64; undefined for any other URL. */
export function mediaOfDataUrl(url: string): Media | undefined {
  const [head = "", data] = url.split(",", 2);
  const mediaType = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=-]+)*;base64$/i.exec(head);
  if (!mediaType || data === undefined) return undefined;
  const bytes = bytesOfBase64(data);
  return bytes && { bytes, mediaType: mediaType[1] ?? "application/octet-stream" };
}
