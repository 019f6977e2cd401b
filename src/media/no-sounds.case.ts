import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A name and what makes the file. */
export type NoSound = readonly [name: string, make: () => Uint8Array];

const sample = (name: string) => readFileSync(new URL(`samples/${name}`, import.meta.url));
const latin = (content: string) => Buffer.from(content, "latin1");
const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

/** Ten silent hours at 16 kHz in 72 kB. */
export const silentFlac = (): Buffer => gunzipSync(sample("silence.flac.gz"));

/** Bytes without sense, always the same. */
export function noise(head: Uint8Array, length = 20_000): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes[i] = state >> 16;
  }
  bytes.set(head);
  return bytes;
}

function changed(name: string, at: number, by: string): Buffer {
  const bytes = Buffer.from(sample(name));
  hex(by).copy(bytes, at);
  return bytes;
}

function cut(name: string, length: number): Buffer {
  return sample(name).subarray(0, length);
}

/** A head of the file and the end of another one. */
function joined(head: Uint8Array, ...tails: Uint8Array[]): Buffer {
  return Buffer.concat([head, ...tails]);
}

/** The format part of a wav, and a data part that says it is `size` bytes long. */
function wav(format: string, size: string, data: Uint8Array = Buffer.alloc(64)): Buffer {
  return joined(latin("RIFF"), hex("ffffffff"), latin("WAVEfmt "), hex("10000000"), hex(format), latin("data"), hex(size), data);
}

/** An ogg page of opus: a head of many channels, or one that skips for ever. */
function oggOpus(head: string): Buffer {
  const packet = joined(latin("OpusHead"), hex(head));
  const page = hex("4f67675300020000000000000000010000000000000000000000 01");
  return joined(page, Buffer.of(packet.length), packet, noise(latin("OggS"), 4000));
}

/** Files that say they are sounds and hold none, or say of themselves what cannot be. */
export const noSounds: readonly NoSound[] = [
  ["words", () => latin("not a recording at all, but a letter to a friend")],
  ["a page", () => latin("<html><body>502</body></html>")],
  ["a picture", () => hex("89504e470d0a1a0a0000000d49484452")],
  ["a wav that ends in its head", () => cut("speech.wav", 30)],
  ["a wav of no samples", () => cut("speech.wav", 44)],
  ["a wav of no rate", () => changed("speech.wav", 24, "00000000")],
  ["a wav of a wild rate", () => changed("speech.wav", 24, "ffffffff")],
  ["a wav of no channels", () => changed("speech.wav", 22, "0000")],
  ["a wav of 65,535 channels", () => changed("speech.wav", 22, "ffff")],
  ["a wav of samples without bits", () => changed("speech.wav", 32, "00000000")],
  ["a wav of samples of 65,535 bits", () => changed("speech.wav", 34, "ffff")],
  ["a wav of an unknown kind", () => changed("speech.wav", 20, "6363")],
  ["a wav whose format takes four thousand million bytes", () => changed("speech.wav", 16, "f0ffffff")],
  ["a wav of ADPCM without blocks", () => wav("0200 0100 803e0000 00000000 0000 0400", "ffffffff")],
  ["a wav of a picture", () => joined(latin("RIFF"), hex("24000000"), latin("WAVE"), hex("89504e470d0a1a0a"), Buffer.alloc(100))],
  [
    "an RF64 of the largest size there is",
    () => joined(latin("RF64"), hex("ffffffff"), latin("WAVEds64"), hex("1c000000"), Buffer.alloc(28, 0xff)),
  ],
  ["a flac of its name alone", () => latin("fLaC")],
  ["a flac of noise", () => noise(latin("fLaC"))],
  ["a flac whose first part takes sixteen million bytes", () => joined(latin("fLaC"), hex("00ffffff"), Buffer.alloc(200))],
  ["a flac that ends in its head", () => cut("speech.flac", 40)],
  ["a flac of ten silent hours", silentFlac],
  ["an ogg of noise", () => noise(latin("OggS"))],
  ["an ogg that ends in its first page", () => cut("speech-vorbis.ogg", 30)],
  ["an ogg of opus in 255 channels", () => oggOpus("01 ff ffff 80bb0000 0000 ff ff ff")],
  ["an ogg of opus of a version to come", () => oggOpus("7f 01 0000 80bb0000 0000 00")],
  ["a webm of noise", () => noise(hex("1a45dfa3"))],
  ["a webm of the largest size there is", () => joined(hex("1a45dfa301fffffffffffffe"), noise(hex("18538067 01fffffffffffffe"), 3000))],
  ["a webm that ends in its head", () => cut("speech.webm", 60)],
  [
    "webm parts in each other, a thousand deep",
    () => joined(hex("1a45dfa380"), ...Array.from({ length: 1000 }, () => hex("1853806701ffffffffffffff"))),
  ],
  ["an mp3 whose tag takes 256 MB", () => joined(latin("ID3"), hex("0300007f7f7f7f"), Buffer.alloc(500))],
  ["an mp3 of a frame's head alone", () => hex("fffb9064")],
  ["an mp3 of a free bit rate", () => joined(hex("fffb0064"), Buffer.alloc(3000))],
  ["an mp4 of noise", () => noise(latin("\u0000\u0000\u0000\u0018ftypM4A "))],
  [
    "an mp4 whose parts are in each other",
    () =>
      joined(
        hex("00000018"),
        latin("ftypM4A "),
        Buffer.alloc(12),
        ...Array.from({ length: 500 }, () => joined(hex("7fffffff"), latin("moov"))),
      ),
  ],
  ["an aac of noise", () => noise(hex("fff1"))],
];

/** What is cut off is read as far as it goes where its format lets that be, and what is around a sound does not count. */
export const oddSounds: readonly NoSound[] = [
  ["an mp3 of noise", () => noise(latin("ID3"))],
  ["an mp3 of heads without frames", () => Buffer.alloc(4000, hex("fffb9064"))],
  ["half a wav", () => cut("speech.wav", 25_000)],
  ["half an mp3", () => cut("speech.mp3", 3400)],
  ["half a flac", () => cut("speech.flac", 20_000)],
  ["half an ogg of opus", () => cut("speech-opus.ogg", 1300)],
  ["half an ogg of vorbis", () => cut("speech-vorbis.ogg", 6000)],
  ["half a webm", () => cut("speech.webm", 2500)],
  ["a wav that says it has four thousand million bytes", () => changed("speech.wav", 40, "ffffffff")],
  ["a wav with a program behind it", () => joined(sample("speech.wav"), latin("PK\u0003\u0004<script>alert(1)</script>"))],
  [
    "an mp3 with a page before it",
    () => joined(latin("ID3"), hex("03000000000020"), latin("<script>alert(1)</script>       "), sample("speech.mp3")),
  ],
];
