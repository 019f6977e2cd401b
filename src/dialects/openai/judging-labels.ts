import { Problem, type Output } from "../../core/index.ts";

/** What one text is, in the fields of a moderation. */
export interface Judged {
  readonly flagged: boolean;
  readonly categories: Record<string, boolean>;
  /** Of each category, 0 to 1. */
  readonly category_scores: Record<string, number>;
}

/** What classifiers call a text that is nothing to worry about. */
const goodLabels: ReadonlySet<string> = new Set(["positive", "neutral", "safe", "ok", "non-toxic", "not_toxic"]);

/**
 * Each label of a text classifier that is not a good one is a category; one that is surer than not flags the text.
 *
 * @throws Problem task-unsupported where labels have numbers and no names: in some models the first is bad, in others the second
 */
export function judgedByLabels(model: string, labels: Output<"text-classification">): Judged {
  if (labels.every(({ label }) => /^label_\d+$/i.test(label))) {
    throw new Problem(
      "task-unsupported",
      `${model} numbers its labels, so nobody can tell which of them is bad; id2label in its config.json gives them names`,
    );
  }
  const bad = labels.filter(({ label }) => !goodLabels.has(label.toLowerCase()));
  return {
    flagged: bad.some(({ score }) => score > 0.5),
    categories: Object.fromEntries(bad.map(({ label, score }) => [label.toLowerCase(), score > 0.5])),
    category_scores: Object.fromEntries(bad.map(({ label, score }) => [label.toLowerCase(), score])),
  };
}
