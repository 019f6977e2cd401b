import * as z from "zod";
import { Problem } from "../core/index.ts";

const refusal = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ errors: z.array(z.object({ message: z.string() })).min(1) }).transform(({ errors }) => errors[0]?.message ?? ""),
]);

/** A reply that is no refusal. @throws Problem with what the server said */
export async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const parsed = refusal.safeParse(await response.json().catch(() => undefined));
  throw new Problem("engine-failed", parsed.data === undefined ? `the server answered with status ${response.status}` : plain(parsed.data));
}

/** Cloudflare's envelope has a title before the sentence, and an id behind it: `AiError: Bad input: … (id)`. */
function plain(message: string): string {
  return message.replace(/^(?:AiError: )?[A-Z][\w ]+: (.*?)(?: \([0-9a-f-]{20,}\))?$/s, "$1");
}

/** What is in Cloudflare's envelope. */
export async function resultOf<S extends z.ZodType>(response: Response, schema: S): Promise<z.output<S>> {
  const { result } = z.object({ result: z.unknown() }).parse(await (await checked(response)).json());
  return schema.parse(result);
}
