/** The formats that are read, by the first bytes of their files in hexadecimal: what a client says that a file is does not count. */
const signatures = [
  ["png", /^89504e470d0a1a0a/],
  ["jpeg", /^ffd8ff/],
  ["webp", /^52494646.{8}57454250/],
  ["gif", /^474946383[79]61/],
  ["tiff", /^(?:49492a00|4d4d002a|49492b00|4d4d002b)/],
  ["avif", /^.{8}66747970617669(?:66|73)/],
] as const;

export type PictureFormat = (typeof signatures)[number][0];

export const pictureFormats: readonly PictureFormat[] = signatures.map(([format]) => format);

export function pictureFormatOf(bytes: Uint8Array): PictureFormat | undefined {
  const head = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return signatures.find(([, signature]) => signature.test(head))?.[0];
}
