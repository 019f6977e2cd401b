import { type Call, labelsShown, type Part } from "../../../core/index.ts";
import { sigmoid, softmax } from "../logits.ts";
import type { Work } from "../work.ts";
import { numbersOf, pictureModels, type PictureModel } from "./picture-model.ts";

/** The labels that fit best, best first, and of equal ones the model's earlier first. */
export const namePicture: Work<"image-classification", PictureModel> = { loader: pictureModels, run };

async function* run(
  { input, model: { name } }: Call<"image-classification">,
  { config, open }: PictureModel,
  signal: AbortSignal,
): AsyncGenerator<Part<"image-classification">> {
  const picture = await open(input.image);
  const usage = { image: 1 };
  yield { type: "begin", usage };
  const made = await picture.look(["logits"], signal);
  const logits = Array.from(numbersOf(made, "logits", name).data);
  const scores = config.problem_type === "multi_label_classification" ? logits.map(sigmoid) : softmax(logits);
  const output = scores
    .map((score, id) => ({ label: config.id2label?.[id] ?? `LABEL_${id}`, score, id }))
    .toSorted((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, labelsShown)
    .map(({ label, score }) => ({ label, score }));
  yield { type: "end", usage, output };
}
