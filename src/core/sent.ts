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

/** Characters of a schema, or of what else is an object of any keys and handed to a model: more is looked at by nobody. */
const mostCharacters = 100_000;

/** The same, and short: it is written into prompts and grammars, in the process that answers everybody's calls of a model. */
export const shortJsonObject = z
  .custom<Record<string, unknown>>((value) => isObject(value) && charactersLeft(value, mostCharacters) >= 0, {
    error: ({ input }) =>
      input === undefined ? "expected object, received undefined" : `expected an object of at most ${mostCharacters} characters`,
  })
  .meta({ type: "object", additionalProperties: {} });

/** What is left of so many characters when a value is written as JSON, about; below 0: it is longer, and the rest was not looked at. */
function charactersLeft(value: unknown, most: number): number {
  if (typeof value === "string") return most - value.length - 2;
  if (typeof value !== "object" || value === null) return most - 1;
  let left = most - 2;
  for (const name in value) {
    if (left < 0) return left;
    left = charactersLeft(Reflect.get(value, name), left - (Array.isArray(value) ? 1 : name.length + 4));
  }
  return left;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
