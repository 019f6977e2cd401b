import { logitsOf, logitsSource, sigmoid, softmax } from "./logits.ts";
import type { Operation } from "./operation.ts";

/** Every label of the model with its score, in the model's order. */
export const classify: Operation<"text-classification"> = {
  rows: ({ input: { text }, model }, { read, limit }) => [read(text, undefined, limit(model))],
  source: logitsSource,
  output(results, { model }, { folder: { config } }) {
    const logits = logitsOf(results[0], model.name);
    const independent = logits.length === 1 || config.problem_type === "multi_label_classification";
    const scores = independent ? logits.map(sigmoid) : softmax(logits);
    return scores.map((score, i) => ({ label: config.id2label?.[i] ?? `LABEL_${i}`, score }));
  },
};
