import * as z from "zod";

/** Of what a schema finds the first alone is told, and there may be millions: it stops there. */
const firstOnly: z.core.ParseContextInternal<z.core.$ZodIssue> = { abortEarly: true };

/**
 * Reads what a client sent, on the thread that answers everybody.
 *
 * @throws z.ZodError with the first issue
 */
export function parseSent<S extends z.ZodType>(schema: S, sent: unknown): z.output<S> {
  return schema.parse(sent, firstOnly);
}

/** An object of any keys. There may be a million of them, so none is looked at. */
export const jsonObject = z
  .custom<Record<string, unknown>>(isObject, {
    error: ({ input }) => `expected object${input === undefined ? ", received undefined" : ""}`,
  })
  .meta({ type: "object", additionalProperties: {} });

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
