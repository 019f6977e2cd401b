import { type Call, imageUsage, type Part } from "../../core/index.ts";
import type { EchoOptions } from "./options.ts";

const assumedSide = 256;
const assumedSteps = 4;

/** A field of stripes whose colours are the prompt's words: the same prompt, size and seed give the same picture. */
export async function* draw(
  { input, signal }: Call<"text-to-image">,
  { pause }: Required<EchoOptions>,
): AsyncGenerator<Part<"text-to-image">> {
  const { width = assumedSide, height = assumedSide, num_steps: steps = assumedSteps } = input;
  const usage = imageUsage(width, height, steps, input.image && { width, height });
  yield { type: "begin", usage };
  for (let step = 1; step <= steps; step++) {
    await pause(signal);
    if (signal.aborted) return;
    yield { type: "delta", usage, delta: { step, of: steps } };
  }
  const stripes = [...input.prompt.split(/\s+/), String(input.seed ?? 0)].map(colourOf);
  const bytes = await png(width, height, (x) => stripes[Math.floor((x * stripes.length) / width)] ?? [0, 0, 0]);
  if (signal.aborted) return;
  yield { type: "end", usage, output: { image: { bytes, mediaType: "image/png" } } };
}

type Colour = readonly [red: number, green: number, blue: number];

function colourOf(word: string): Colour {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return [hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255];
}

/** A PNG of 8-bit RGB, every row alike. Source: w3.org/TR/png-3. */
async function png(width: number, height: number, colourAt: (x: number) => Colour): Promise<Uint8Array<ArrayBuffer>> {
  const row = new Uint8Array(1 + 3 * width); // the first byte says: no filter
  for (let x = 0; x < width; x++) row.set(colourAt(x), 1 + 3 * x);
  const rows = new Uint8Array(row.length * height);
  for (let y = 0; y < height; y++) rows.set(row, y * row.length);
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 2, 0, 0, 0], 8);
  return joined([
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", await deflated(rows)),
    chunk("IEND", new Uint8Array()),
  ]);
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(type: string, data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc(bytes.subarray(4, data.length + 8)));
  return bytes;
}

function crc(bytes: Uint8Array): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
