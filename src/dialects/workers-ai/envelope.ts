import * as z from "zod";

/** Every JSON reply of Cloudflare's API, the OpenAI routes apart. */
export function envelope(result: unknown, more: object = {}): { result: unknown; success: true; errors: []; messages: unknown[] } {
  return { result, success: true, errors: [], messages: [], ...more };
}

/** The schema of an envelope around a result. */
export function envelopeOf(result: z.ZodType) {
  return z.object({ result, success: z.literal(true), errors: z.array(z.unknown()), messages: z.array(z.unknown()) });
}
