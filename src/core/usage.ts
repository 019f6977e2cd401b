/**
 * What is counted. A ledger cannot be migrated later, so every unit that a price of Workers AI has ever used is here from the first day.
 * Source: developers.cloudflare.com/workers-ai/platform/pricing, page of 2026-08-28, and its former versions.
 */
export const units = {
  "input-token": "tokens of the prompt that were computed",
  "cached-input-token": "tokens of the prompt whose state was still in memory",
  "output-token": "tokens made, reasoning included",
  tile: "tiles of 512x512 pixels of an output image, rounded up per side",
  "input-tile": "tiles of 512x512 pixels of an input image, rounded up per side",
  step: "denoising steps",
  "step-256": "denoising steps of an image whose larger side is at most 256 pixels",
  "step-512": "denoising steps of an image whose larger side is 257 to 512 pixels",
  "step-1024": "denoising steps of an image whose larger side is 513 to 1024 pixels",
  "step-2048": "denoising steps of an image whose larger side is 1025 to 2048 pixels",
  "first-megapixel": "first 1024x1024 pixels of an output image",
  "subsequent-megapixel": "megapixels of an output image after the first",
  "input-megapixel": "megapixels of input images",
  image: "images read",
  "audio-second": "seconds of audio, read or made",
  "websocket-audio-second": "seconds of audio that came over a websocket",
  character: "characters of input text",
  request: "requests, for what is counted by no other unit",
} as const satisfies Record<string, string>;

export type Unit = keyof typeof units;

/**
 * What a call used, by unit: { "input-token": 12, "output-token": 40 } or { tile: 4, step: 4 } or { "audio-second": 7.5 }.
 * Measured, never guessed. Quantities are >= 0 with at most three decimals.
 */
export type Usage = { readonly [U in Unit]?: number };

/** Prompt and answer tokens as every API reports them: the prompt includes what was cached. */
export function tokensOf(usage: Usage): { prompt: number; cached: number; completion: number; total: number } {
  const cached = usage["cached-input-token"] ?? 0;
  const prompt = (usage["input-token"] ?? 0) + cached;
  const completion = usage["output-token"] ?? 0;
  return { prompt, cached, completion, total: prompt + completion };
}

export function sumOf(a: Usage, b: Usage): Usage {
  const sum: { [U in Unit]?: number } = { ...a };
  for (const [unit, quantity] of Object.entries(b)) sum[unit as Unit] = (sum[unit as Unit] ?? 0) + quantity; // keys of a Usage are Units
  return sum;
}
