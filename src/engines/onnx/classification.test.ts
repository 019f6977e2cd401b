import { afterAll, describe, expect, it } from "vitest";
import { ask, problemOf } from "./ask.case.ts";
import { cardOf, graphOfRows, modelFolders, tinySentiment, wordTokenizer } from "./models.case.ts";
import { createOnnxEngine } from "./onnx.ts";

const engine = createOnnxEngine({ threads: 1 });
const folders = modelFolders();
afterAll(async () => {
  await engine.close();
  folders.remove();
});

/** Logits of a text: the sum of the rows of its tokens. [PAD], [UNK], [CLS] and [SEP] are 0. */
function classifier(name: string, rows: readonly (readonly number[])[], config: object) {
  const nothing = Array.from({ length: 4 }, () => rows[0]?.map(() => 0) ?? []);
  return cardOf(
    name,
    "text-classification",
    folders.folder({
      "onnx/model_quantized.onnx": graphOfRows({
        inputs: ["input_ids", "attention_mask"],
        output: "logits",
        rows: [...nothing, ...rows],
        sum: true,
      }),
      "tokenizer.json": wordTokenizer(["good", "bad"]),
      "config.json": config,
    }),
  );
}

describe("a classifier through onnx", () => {
  it("gives every label with its share, in the model's order", async () => {
    const card = classifier(
      "local/two",
      [
        [0, 1],
        [2, 0],
      ],
      { id2label: { 0: "NEGATIVE", 1: "POSITIVE" } },
    );
    const { output, usage } = await ask<"text-classification">(engine, card, { text: "good bad bad" });
    const share = 1 / (1 + Math.exp(1 - 4));
    expect(output.map(({ label }) => label)).toEqual(["NEGATIVE", "POSITIVE"]);
    expect(output[0]?.score).toBeCloseTo(share, 6);
    expect(output[1]?.score).toBeCloseTo(1 - share, 6);
    expect(usage).toEqual({ "input-token": 5 });
  });

  it("gives labels that exclude each other no more than independent ones", async () => {
    const card = classifier(
      "local/many",
      [
        [1, 2],
        [-3, 0],
      ],
      { id2label: { 0: "toxic", 1: "rude" }, problem_type: "multi_label_classification" },
    );
    const { output } = await ask<"text-classification">(engine, card, { text: "good" });
    expect(output[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(output[1]?.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  });

  it("names labels by their number where the model has no names", async () => {
    const card = classifier(
      "local/nameless",
      [
        [1, 2, 3],
        [0, 0, 0],
      ],
      {},
    );
    const { output } = await ask<"text-classification">(engine, card, { text: "good" });
    expect(output.map(({ label }) => label)).toEqual(["LABEL_0", "LABEL_1", "LABEL_2"]);
  });

  it("gives no score that is none", async () => {
    const problem = await problemOf<"text-classification">(
      engine,
      classifier(
        "local/nan",
        [
          [NaN, 1],
          [0, 0],
        ],
        {},
      ),
      { text: "good" },
    );
    expect(problem).toMatchObject({ code: "engine-failed", message: "local/nan made numbers that are none; its file may be damaged" });
  });
});

async function scoresOf(text: string) {
  return (await ask<"text-classification">(engine, tinySentiment, { text })).output;
}

async function labelOf(text: string) {
  return (await scoresOf(text)).reduce((a, b) => (b.score > a.score ? b : a)).label;
}

describe("tiny-sentiment through onnx", () => {
  it("tells good from bad, also where a word turns the meaning round", async () => {
    expect(await labelOf("I love this wonderful product")).toBe("POSITIVE");
    expect(await labelOf("This is terrible, I hate it")).toBe("NEGATIVE");
    expect(await labelOf("The food was not good")).toBe("NEGATIVE");
    expect(await labelOf("This is not bad")).toBe("POSITIVE");
  });

  it("has the labels of distilbert-sst-2, and shares of 1 for scores", async () => {
    const scores = await scoresOf("A film about trains");
    expect(scores.map(({ label }) => label)).toEqual(["NEGATIVE", "POSITIVE"]);
    expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
  });
});
