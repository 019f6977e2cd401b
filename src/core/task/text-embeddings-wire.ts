import * as z from "zod";
import { parseSent } from "../sent.ts";
import { tokensOf } from "../usage.ts";
import type { TextEmbeddingsInput, TextEmbeddingsOutput } from "./vectors.ts";
import type { WireForm } from "./task.ts";

const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(100)]);
const vectors = z.object({ shape: z.array(z.int()), data: z.array(z.array(z.number())), pooling: z.string().optional() });
const listOf = (text: string | string[]): string[] => (typeof text === "string" ? [text] : text);

const usageOf = (usage: Parameters<typeof tokensOf>[0]) => {
  const { prompt, total } = tokensOf(usage);
  return { prompt_tokens: prompt, completion_tokens: 0, total_tokens: total };
};

type EmbeddingForm = WireForm<TextEmbeddingsInput, never, TextEmbeddingsOutput>;

const textInput = z.object({ text: texts, pooling: z.enum(["mean", "cls"]).optional() });

/** bge-*-en and most others. */
const embedding: EmbeddingForm = {
  input: textInput,
  output: vectors,
  read(body) {
    const { text, pooling } = parseSent(textInput, body);
    return { text: listOf(text), ...(pooling && { pooling }) };
  },
  write: ({ shape, data, pooling }, usage) => ({ shape, data, ...(pooling && { pooling }), usage: usageOf(usage) }),
};

const contexts = z
  .array(z.object({ text: z.string().min(1) }))
  .min(1)
  .max(99);
const scoredInput = z.union([
  textInput,
  z.object({ query: z.string().min(1).optional(), contexts, truncate_inputs: z.boolean().optional() }),
]);

/** bge-m3: texts as above, or contexts, scored against a query when there is one. */
const embeddingOrScores: EmbeddingForm = {
  input: scoredInput,
  output: z.union([vectors, z.object({ response: z.array(z.object({ id: z.int(), score: z.number() })) })]),
  read(body) {
    if (typeof body === "object" && body !== null && "contexts" in body) {
      const asked = parseSent(z.object({ query: z.string().min(1).optional(), contexts }), body);
      return { text: [...(asked.query === undefined ? [] : [asked.query]), ...asked.contexts.map(({ text }) => text)] };
    }
    return embedding.read(body);
  },
  write(output, usage, context) {
    const withQuery = z.object({ query: z.string().min(1), contexts }).safeParse(context.body).success;
    if (!withQuery) return embedding.write(output, usage, context);
    const [query = [], ...rest] = output.data;
    return {
      response: rest.map((vector, id) => ({ id, score: vector.reduce((sum, x, i) => sum + x * (query[i] ?? 0), 0) })),
      usage: usageOf(usage),
    };
  },
};

const queriesInput = z.object({
  queries: texts.optional(),
  documents: texts.optional(),
  text: texts.optional(),
  instruction: z.string().optional(),
});

/** qwen3-embedding: queries carry an instruction, documents do not; `text` is another name of `documents`. */
const queriesOrDocuments: EmbeddingForm = {
  input: queriesInput,
  output: vectors,
  read(body) {
    const asked = parseSent(queriesInput, body);
    const instruction = asked.instruction ?? "Given a web search query, retrieve relevant passages that answer the query";
    const queries = listOf(asked.queries ?? []).map((query) => `Instruct: ${instruction}\nQuery:${query}`);
    return {
      text: z
        .array(z.string())
        .min(1)
        .max(32)
        .parse([...queries, ...listOf(asked.documents ?? asked.text ?? [])]),
    };
  },
  write: (output, usage, context) => embedding.write(output, usage, context),
};

export const embeddingWireForms = {
  embedding,
  "embedding-or-scores": embeddingOrScores,
  "queries-or-documents": queriesOrDocuments,
} as const;
