import { expect, it } from "vitest";
import { judgedByLabels } from "./judging-labels.ts";

it("what is no good label is a category, and flags a text of which it is surer than not", () => {
  const scores = (bad: number) => [
    { label: "NEGATIVE", score: bad },
    { label: "POSITIVE", score: 1 - bad },
  ];
  expect(judgedByLabels("@me/m", scores(0.75))).toEqual({
    flagged: true,
    categories: { negative: true },
    category_scores: { negative: 0.75 },
  });
  expect(judgedByLabels("@me/m", scores(0.25))).toEqual({
    flagged: false,
    categories: { negative: false },
    category_scores: { negative: 0.25 },
  });
});

it("labels that are numbers judge nobody", () => {
  const labels = [
    { label: "LABEL_0", score: 0.9 },
    { label: "LABEL_1", score: 0.1 },
  ];
  expect(() => judgedByLabels("@me/m", labels)).toThrow("@me/m numbers its labels");
});
