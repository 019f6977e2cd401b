import { Problem } from "../core/index.ts";

/** A hundred documents and what goes with them; each costs the parser a tenth of a millisecond and more, on the thread that answers everybody. */
const maxParts = 110;
/** Of the lines above a part's content, which are its name, its file's name and its type. */
const maxHeadBytes = 16_000;
/** Of a part that is no file: prompts are the longest. */
const maxFieldBytes = 1_000_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/** Of the parameters only the boundary, before or after a charset. Source of its characters: RFC 2046, 5.1.1. */
const multipart =
  /^multipart\/form-data\s*;\s*(?:charset=[\w-]{1,40}\s*;\s*)?boundary=(?:"([\w'()+,\-./:=? ]{1,70})"|([\w'+\-.]{1,70}))\s*(?:;\s*charset=[\w-]{1,40}\s*)?$/i;

/**
 * Reads a multipart form once it is known to be none that takes long.
 *
 * @throws Problem bad-input
 */
export async function readMultipart(bytes: Uint8Array<ArrayBuffer>, contentType: string | null): Promise<FormData> {
  const [, quoted, plain] = multipart.exec(contentType ?? "") ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) {
    throw new Problem("bad-input", "send the body as multipart/form-data, with its boundary in Content-Type");
  }
  checkParts(bytes, encoder.encode(`--${boundary}`));
  try {
    // The type is written anew, so that the parser can only find the boundary that was looked for here.
    return await new Response(bytes, { headers: { "content-type": `multipart/form-data; boundary="${boundary}"` } }).formData();
  } catch {
    throw new Problem("bad-input", "the body is no multipart form with the boundary that Content-Type names");
  }
}

/** @throws Problem bad-input */
function checkParts(bytes: Uint8Array, mark: Uint8Array): void {
  const places = placesOf(bytes, mark);
  for (const [index, begin] of places.entries()) {
    const content = bytes.subarray(begin + mark.length, places[index + 1] ?? bytes.length);
    const head = decoder.decode(content.subarray(0, maxHeadBytes));
    const isLast = head.startsWith("--");
    if (isLast) return;
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) throw new Problem("bad-input", `a part of the form has no end of its head within ${maxHeadBytes} bytes`);
    if (content.length > maxFieldBytes && !/;\s*filename\*?=/i.test(head.slice(0, end))) {
      throw new Problem("bad-input", `a part of the form that is no file has more than ${maxFieldBytes} bytes`);
    }
  }
}

/** Where a mark is, compared from its end: boundaries begin alike. @throws Problem bad-input where there are too many */
function placesOf(bytes: Uint8Array, mark: Uint8Array): number[] {
  const places: number[] = [];
  const last = mark.length - 1;
  for (let at = last; at < bytes.length; at++) {
    let back = 0;
    while (back <= last && bytes[at - back] === mark[last - back]) back++;
    if (back <= last) continue;
    // The last mark begins no part.
    if (places.push(at - last) > maxParts + 1) throw new Problem("bad-input", `the form has more than ${maxParts} parts`);
  }
  return places;
}
