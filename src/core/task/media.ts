import * as z from "zod";
import { Problem } from "../problem.ts";

/** An encoded file (PNG, JPEG, WAV, MP3, …), not pixels or samples. */
export const media = z.object({ bytes: z.instanceof(Uint8Array), mediaType: z.string() });
export type Media = z.output<typeof media>;

/** A label with a score of 0 to 1. */
export const scoredLabel = z.object({ label: z.string(), score: z.number() });

/** Bytes of base64 or base64url text, white space ignored; undefined where it is neither. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return undefined;
  }
}

/** Characters of what comes before the data: a media type and its parameters. */
const longestHead = 300;

/** The media of a `data:` URL in base64; undefined for any other URL. */
export function mediaOfDataUrl(url: string): Media | undefined {
  const [head = "", data] = url.split(",", 2);
  if (head.length > longestHead) return undefined;
  const mediaType = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=-]+)*;base64$/i.exec(head);
  if (!mediaType || data === undefined) return undefined;
  const bytes = bytesOfBase64(data);
  return bytes && { bytes, mediaType: mediaType[1] ?? "application/octet-stream" };
}

/** A file as JSON sends it: an array of its bytes, which may have been read already. There are millions of them, so they are looked at in one loop. */
export const byteArray = z
  .custom<number[] | Uint8Array>(isByteArray, {
    error: ({ input }) => `expected an array of bytes, each 0 to 255${input === undefined ? ", received undefined" : ""}`,
  })
  .meta({ type: "array", items: { type: "integer", minimum: 0, maximum: 255 }, minItems: 1 });

function isByteArray(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.length > 0;
  if (!Array.isArray(value) || value.length === 0) return false;
  const items: readonly unknown[] = value;
  for (const item of items) if (typeof item !== "number" || item < 0 || item > 255 || !Number.isInteger(item)) return false;
  return true;
}

export function readByteArray(sent: readonly number[] | Uint8Array): Media {
  return { bytes: Uint8Array.from(sent), mediaType: "application/octet-stream" };
}

/** @throws Problem bad-input */
export function readBase64(text: string, field: string): Media {
  const sent = mediaOfDataUrl(text) ?? { bytes: bytesOfBase64(text), mediaType: "application/octet-stream" };
  if (sent.bytes === undefined || sent.bytes.length === 0) {
    throw new Problem("bad-input", `'/${field}' is no base64 of a file`, { details: { field: `/${field}` } });
  }
  return { bytes: sent.bytes, mediaType: sent.mediaType };
}

export function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
