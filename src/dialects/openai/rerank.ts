import * as z from "zod";
import { tokensOf } from "../../core/index.ts";
import { findModel, lastOf } from "../../gateway/index.ts";
import { receiptHeaders } from "../receipt.ts";
import { route, type Route } from "../route.ts";
import { modelOf } from "./choices.ts";

const documentSent = z.union([z.string(), z.object({ text: z.string() })]);

const body = z.object({
  model: z.string().min(1),
  query: z.string().min(1),
  documents: z.array(documentSent).min(1).max(1000),
  top_n: z.int().min(1).nullish(),
  return_documents: z.boolean().nullish(),
});

const reply = z.object({
  id: z.string(),
  model: z.string(),
  results: z.array(z.object({ index: z.int(), relevance_score: z.number(), document: z.object({ text: z.string() }).optional() })),
  usage: z.object({ total_tokens: z.int() }),
  meta: z.unknown(),
});

/**
 * Cohere's and Jina's rerank in one answer: each family reads its own fields.
 * Sources: docs.cohere.com/reference/rerank, jina.ai/reranker, seen 2026-11.
 */
function rerankAt(path: string): Route {
  return route({
    method: "post",
    path,
    summary: "Order documents by how well they answer a query",
    permission: "run",
    body,
    reply,
    async handle(request) {
      const { model, query, documents, top_n: top, return_documents: withDocuments } = request.body;
      const card = findModel(request.models, modelOf(model), "reranking");
      const texts = documents.map((document) => (typeof document === "string" ? document : document.text));
      const end = await lastOf(
        request.gateway.run({
          id: request.id,
          caller: request.caller,
          task: "reranking",
          model: card.name,
          input: { query, contexts: texts.map((text) => ({ text })), ...(top && { top_k: top }) },
          signal: request.signal,
        }),
      );
      const results = (end?.output ?? []).map(({ id, score }) => ({
        index: id,
        relevance_score: score,
        ...(withDocuments && { document: { text: texts[id] ?? "" } }),
      }));
      return {
        json: {
          id: request.id,
          model,
          results,
          usage: { total_tokens: end ? tokensOf(end.usage).total : 0 },
          meta: { api_version: { version: "2" }, billed_units: { search_units: 1 } },
        },
        ...(end && { headers: receiptHeaders(end) }),
      };
    },
  });
}

export const rerankRoutes: readonly Route[] = ["/v1/rerank", "/v2/rerank", "/rerank"].map(rerankAt);
