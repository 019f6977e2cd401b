import { deflateSync, gzipSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";

/** A name and what makes the file. */
export type NoPicture = readonly [name: string, make: () => Uint8Array | Promise<Uint8Array>];

/** Red above, blue below, 40 wide and 20 high. */
export const flag = () => {
  const data = new Uint8Array(40 * 20 * 3);
  for (let i = 0; i < 800; i++) data.set(i < 400 ? [250, 10, 10] : [10, 10, 250], i * 3);
  return sharp(data, { raw: { width: 40, height: 20, channels: 3 } });
};

const text = (words: string) => new TextEncoder().encode(words);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>`;
const cut = async (made: Sharp) => {
  const bytes = await made.toBuffer();
  return bytes.subarray(0, Math.floor(bytes.length * 0.6));
};

/** A PNG of black pixels in one bit each, deflated to almost nothing. */
export function blackPng(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1;
  const row = Math.ceil(width / 8) + 1;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.alloc(Math.min(row * height, 2_000_000)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(~crc >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Files of other formats than those that are read. */
export const foreignFiles: readonly NoPicture[] = [
  ["nothing", () => new Uint8Array()],
  ["words", () => text("this is no picture")],
  ["SVG", () => text(svg)],
  ["SVG behind a byte order mark", () => text(`\ufeff<?xml version="1.0"?>${svg}`)],
  ["SVG in gzip", () => gzipSync(svg)],
  ["HTML", () => text("<!doctype html><img src=x>")],
  ["PDF", () => text("%PDF-1.7\n")],
  ["Windows bitmap", () => Buffer.concat([text("BM"), Buffer.alloc(100)])],
  ["HEIC", () => Buffer.concat([Buffer.alloc(4), text("ftypheic"), Buffer.alloc(100)])],
  ["libvips' own format", () => Buffer.concat([Buffer.from("08f2a6b6", "hex"), Buffer.alloc(100)])],
];

export const damagedPictures: readonly NoPicture[] = [
  ["a PNG that ends after its name", () => Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
  ["a PNG of noise", () => Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(5000, 0x5a)])],
  ["an SVG that begins as a PNG", () => Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), text(svg)])],
  ["an SVG that begins as a JPEG", () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), text(svg)])],
  ["half a PNG", () => cut(flag().resize(400, 200).png({ compressionLevel: 0 }))],
  ["half a JPEG", () => cut(flag().resize(400, 200).jpeg())],
  ["half a WebP", () => cut(flag().resize(400, 200).webp())],
  ["half a GIF", () => cut(flag().resize(400, 200).gif())],
  ["half a TIFF", () => cut(flag().resize(400, 200).tiff())],
  ["half an AVIF", () => cut(flag().resize(400, 200).avif())],
  ["a GIF without pictures", () => Buffer.concat([text("GIF89a"), Buffer.alloc(20)])],
  ["a TIFF whose directory is elsewhere", () => Buffer.from("49492a00ffffff7f00000000", "hex")],
  ["a WebP of a length that is not there", () => Buffer.concat([text("RIFF"), Buffer.alloc(4, 0xff), text("WEBPVP8L"), Buffer.alloc(20)])],
  ["an AVIF without boxes", () => Buffer.concat([Buffer.from([0, 0, 0, 24]), text("ftypavif"), Buffer.alloc(12)])],
];

/** Small files that would unfold to more than memory, or say so. */
export const bombs: readonly NoPicture[] = [
  ["a PNG that unfolds to 900 million pixels", () => blackPng(30_000, 30_000)],
  ["a PNG two thousand million pixels wide", () => blackPng(2_000_000_000, 1)],
  [
    "a GIF of 65,535 x 65,535",
    () => Buffer.concat([text("GIF89a"), Buffer.from("ffffffff800000000000ffffff2c00000000ffffffff000200", "hex"), Buffer.from([0x3b])]),
  ],
  ["an AVIF of 25 million pixels of one colour", () => (largeAvif ??= plain(5000, 5000).avif({ effort: 0 }).toBuffer())],
];

/** Made once: it takes seconds. */
let largeAvif: Promise<Uint8Array> | undefined;

function plain(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: "red" } });
}
