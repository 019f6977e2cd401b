import * as z from "zod";
import { findModel, lastOf } from "../../gateway/index.ts";
import { receiptHeaders, receiptOf } from "../receipt.ts";
import { route } from "../route.ts";
import { modelFor } from "./default-models.ts";

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

/**
 * Scores of a text classifier in the fields of a moderation: each label of the model is a category, and a text is flagged where a label
 * other than a good one is surer than not. Which model it was is said in `model`.
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
    const card = findModel(
      request.models,
      modelFor(request, model || "text-moderation-latest", "text-classification"),
      "text-classification",
    );
    const ends = await Promise.all(
      texts.map((one, index) =>
        lastOf(
          request.gateway.run({
            id: index === 0 ? request.id : `${request.id}-${index}`,
            caller: request.caller,
            task: "text-classification",
            model: card.name,
            input: { text: one },
            signal: request.signal,
          }),
        ),
      ),
    );
    const answered = ends.filter((end) => end !== undefined);
    const results = answered.map(({ output }) => {
      const bad = output.filter(({ label }) => !goodLabels.has(label.toLowerCase()));
      return {
        flagged: bad.some(({ score }) => score > 0.5),
        categories: Object.fromEntries(bad.map(({ label, score }) => [label.toLowerCase(), score > 0.5])),
        category_scores: Object.fromEntries(bad.map(({ label, score }) => [label.toLowerCase(), score])),
      };
    });
    return { json: { id: `modr-${request.id}`, model: card.name, results }, headers: receiptHeaders(receiptOf(answered)) };
  },
});

/** What classifiers call a text that is nothing to worry about. */
const goodLabels: ReadonlySet<string> = new Set(["positive", "neutral", "safe", "ok", "non-toxic", "not_toxic", "label_1"]);
