/** How far into a page its own word about its characters is looked for. Source: html.spec.whatwg.org, "prescan a byte stream". */
const prescanned = 1024;

/** The text of a file by its mark of byte order, its media type's charset, what a page says of itself, UTF-8, and else Windows-1252. */
export function decodeText(bytes: Uint8Array, mediaType: string): string {
  const named = /;\s*charset="?([\w.:-]{1,40})/i.exec(mediaType)?.[1];
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, prescanned));
  const own =
    /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(head)?.[1] ??
    /^<\?xml[^>]{0,100}encoding=["']([\w.:-]{1,40})/.exec(head)?.[1];
  const marked = byteOrderMark(bytes);
  return decoded(bytes, marked ?? named ?? own ?? "utf-8") ?? decoded(bytes, "utf-8") ?? new TextDecoder("windows-1252").decode(bytes);
}

function byteOrderMark([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return first === 0xef && second === 0xbb ? "utf-8" : undefined;
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined; // no such encoding, or the bytes are not in it
  }
}
