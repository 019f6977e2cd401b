import * as z from "zod";
import { findModel, lastOf } from "../../gateway/index.ts";
import { receiptHeaders, receiptOf } from "../receipt.ts";
import { route, type RouteRequest } from "../route.ts";
import { modelFor } from "./default-models.ts";
import { judgedByLabels, type Judged } from "./judging-labels.ts";
import { categoriesOf, readVerdict } from "./llama-guard.ts";

const text = z.string().min(1).max(100_000);
const part = z.object({ type: z.literal("text"), text });
const body = z.object({
  model: z.string().nullish(),
  input: z.union([
    text,
    z
      .array(z.union([text, part]))
      .min(1)
      .max(100),
  ]),
});

/** Tokens of a verdict: a word and at most fourteen codes. */
const verdictTokens = 100;

/**
 * The verdicts of a model of the Llama Guard family in OpenAI's categories. Where there is none, the scores of a text classifier: each of
 * its labels is a category, and a text is flagged where a label other than a good one is surer than not. Which model it was is said in
 * `model`.
 * Source: platform.openai.com/docs/api-reference/moderations, seen 2026-11.
 */
export const moderations = route({
  method: "post",
  path: "/v1/moderations",
  summary: "Classify texts, in the fields of a moderation",
  permission: "run",
  body,
  reply: z.object({
    id: z.string(),
    model: z.string(),
    results: z.array(
      z.object({ flagged: z.boolean(), categories: z.record(z.string(), z.boolean()), category_scores: z.record(z.string(), z.number()) }),
    ),
  }),
  async handle(request) {
    const { input, model } = request.body;
    const texts = (typeof input === "string" ? [input] : input).map((one) => (typeof one === "string" ? one : one.text));
    const name = modelFor(request, model || "omni-moderation-latest", "moderation");
    const judge = request.models.find(name)?.abilities.moderation ? judgeByGuard : judgeByClassifier;
    const card = findModel(request.models, name, judge === judgeByGuard ? "text-generation" : "text-classification");
    const asked = texts.map((one, index) => judge(request, card.name, one, index === 0 ? request.id : `${request.id}-${index}`));
    const judged = (await Promise.all(asked)).filter((one) => one !== undefined);
    const results = judged.map(({ result }) => result);
    return {
      json: { id: `modr-${request.id}`, model: card.name, results },
      headers: receiptHeaders(receiptOf(judged.map(({ end }) => end))),
    };
  },
});

/** Undefined: the caller has gone. */
async function judgeByGuard(request: RouteRequest<unknown>, model: string, said: string, id: string) {
  const { gateway, caller, signal } = request;
  const input = { messages: [{ role: "user" as const, content: said }], max_tokens: verdictTokens, temperature: 0 };
  const end = await lastOf(gateway.run({ id, caller, task: "text-generation", model, input, signal }));
  if (!end) return undefined;
  const verdict = readVerdict(end.output.text);
  const categories = categoriesOf(verdict);
  const scores = Object.entries(categories).map(([category, found]) => [category, found ? 1 : 0]);
  return { end, result: { flagged: !verdict.safe, categories, category_scores: Object.fromEntries(scores) } satisfies Judged };
}

async function judgeByClassifier(request: RouteRequest<unknown>, model: string, said: string, id: string) {
  const { gateway, caller, signal } = request;
  const end = await lastOf(gateway.run({ id, caller, task: "text-classification", model, input: { text: said }, signal }));
  if (!end) return undefined;
  return { end, result: judgedByLabels(model, end.output) };
}
