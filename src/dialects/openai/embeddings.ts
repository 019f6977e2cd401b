import * as z from "zod";
import { base64Of, Problem, type ModelCard, sumOf, tokensOf } from "../../core/index.ts";
import { type Ask, findModel, lastOf } from "../../gateway/index.ts";
import { receiptHeaders, receiptOf } from "../receipt.ts";
import { route } from "../route.ts";
import { modelOf } from "./choices.ts";

/** There may be millions of them before they are counted, so they are looked at in one loop. */
const tokenIds = z
  .custom<number[]>(areTokenIds, { error: "expected a list of token ids" })
  .meta({ type: "array", items: { type: "integer", minimum: 0 }, minItems: 1 });

function areTokenIds(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  const items: readonly unknown[] = value;
  for (const item of items) if (typeof item !== "number" || item < 0 || !Number.isSafeInteger(item)) return false;
  return true;
}

const body = z.object({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048), tokenIds, z.array(tokenIds).min(1).max(2048)]),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.int().min(1).nullish(),
});

/** Of all texts together. Source: platform.openai.com/docs/api-reference/embeddings/create, seen 2026-11. */
const mostTokenIds = 300_000;

/** The most that Workers AI, and so a call of the gateway, takes. */
const textsPerCall = 100;

/**
 * The SDKs ask for base64 without telling their users, and read numbers as garbage then.
 * Source: platform.openai.com/docs/api-reference/embeddings/create, seen 2026-11.
 */
export const embeddings = route({
  method: "post",
  path: "/v1/embeddings",
  summary: "Turn texts into vectors",
  permission: "run",
  body,
  reply: z.object({
    object: z.literal("list"),
    data: z.array(z.object({ object: z.literal("embedding"), index: z.int(), embedding: z.union([z.array(z.number()), z.string()]) })),
    model: z.string(),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  }),
  async handle(request) {
    const { model, input, encoding_format: format, dimensions } = request.body;
    const card = findModel(request.models, modelOf(model), "text-embeddings");
    const cut = cutTo(card, dimensions ?? undefined);
    const texts = await textsOf(input);
    const asks = groupsOf(texts).map((text, index): Ask<"text-embeddings"> => ({
      id: index === 0 ? request.id : `${request.id}-${index}`,
      caller: request.caller,
      task: "text-embeddings",
      model: card.name,
      input: { text },
      signal: request.signal,
    }));
    const answered = (await Promise.all(asks.map((ask) => lastOf(request.gateway.run(ask))))).filter((end) => end !== undefined);
    const vectors = answered.flatMap((end) => end.output.data).map(cut);
    const { prompt, total } = tokensOf(answered.map(({ usage }) => usage).reduce(sumOf, {}));
    return {
      json: {
        object: "list",
        data: vectors.map((vector, index) => ({
          object: "embedding",
          index,
          embedding: format === "base64" ? base64OfVector(vector) : vector,
        })),
        model,
        usage: { prompt_tokens: prompt, total_tokens: total },
      },
      headers: receiptHeaders(receiptOf(answered)),
    };
  },
});

function groupsOf(texts: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(texts.length / textsPerCall) }, (_, i) => texts.slice(i * textsPerCall, (i + 1) * textsPerCall));
}

/** Token ids are of cl100k_base, whatever the model: LangChain for Python cuts texts with it and sends the ids. The model gets the text. */
async function textsOf(input: z.output<typeof body>["input"]): Promise<string[]> {
  if (typeof input === "string") return [input];
  if (input.every((item) => typeof item === "string")) return input;
  const { decodeCl100k } = await import("./cl100k.ts");
  const lists = input.every((item) => typeof item === "number") ? [input] : input.filter((item) => typeof item === "object");
  if (lists.reduce((count, ids) => count + ids.length, 0) > mostTokenIds) {
    throw new Problem("bad-input", `'/input' may hold ${mostTokenIds} token ids, of all texts together`, { details: { field: "/input" } });
  }
  return lists.map((ids) => {
    const text = decodeCl100k(ids);
    if (text !== undefined && text !== "") return text;
    throw new Problem(
      "bad-input",
      "input holds token ids that cl100k_base does not have; send texts (LangChain: check_embedding_ctx_length=False)",
      {
        details: { field: "/input" },
      },
    );
  });
}

/** Only vectors that were trained to be cut may be cut; then they are made as long as one again. */
function cutTo(card: ModelCard, dimensions: number | undefined): (vector: number[]) => number[] {
  if (dimensions === undefined || dimensions === card.dimensions) return (vector) => vector;
  if (!card.abilities.matryoshka || (card.dimensions !== undefined && dimensions > card.dimensions)) {
    throw new Problem("bad-input", `${card.name} makes vectors of ${card.dimensions ?? "one"} dimensions only; leave dimensions out`, {
      details: { field: "/dimensions" },
    });
  }
  return (vector) => {
    const head = vector.slice(0, dimensions);
    const length = Math.hypot(...head);
    return head.map((x) => x / length);
  };
}

/** Little-endian float32, as the SDKs decode it. */
function base64OfVector(vector: readonly number[]): string {
  const bytes = new Uint8Array(vector.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, x] of vector.entries()) view.setFloat32(i * 4, x, true);
  return base64Of(bytes);
}
