import type { Call, Output, Part } from "../../../core/index.ts";
import { sigmoid, softmax } from "../logits.ts";
import type { Work } from "../work.ts";
import { numbersOf, pictureModels, type PictureModel } from "./picture-model.ts";

/** A thing with no more than this score is not reported: the network thinks as likely that it is not there, or is another. */
const leastScore = 0.5;

type Found = Output<"object-detection">[number];

/** The things in a picture, surest first: what DETR and its kin make, a class and a box for each of their queries. */
export const findInPicture: Work<"object-detection", PictureModel> = { loader: pictureModels, run };

async function* run(
  { input, model: { name } }: Call<"object-detection">,
  { config, open }: PictureModel,
  signal: AbortSignal,
): AsyncGenerator<Part<"object-detection">> {
  const picture = await open(input.image);
  const usage = { image: 1 };
  yield { type: "begin", usage };
  const made = await picture.look(["logits", "pred_boxes"], signal);
  const { data, dims } = numbersOf(made, "logits", name);
  const boxes = numbersOf(made, "pred_boxes", name).data;
  const [, queries = 0, classes = 0] = dims;
  const found: Found[] = [];
  for (let query = 0; query < queries; query++) {
    const { id, score } = surest(Array.from(data.subarray(query * classes, (query + 1) * classes)), config.id2label);
    if (score <= leastScore) continue;
    const [x = 0, y = 0, width = 0, height = 0] = boxes.subarray(query * 4, query * 4 + 4);
    found.push({ label: config.id2label?.[id] ?? `LABEL_${id}`, score, box: boxOf({ x, y, width, height }, picture) });
  }
  yield { type: "end", usage, output: found.toSorted((a, b) => b.score - a.score) };
}

/** A last class without a label means that there is nothing. Networks without such a class score each by itself. */
function surest(logits: readonly number[], labels: Readonly<Record<string, string>> = {}): { id: number; score: number } {
  const named = Object.keys(labels).length;
  const scores = named > 0 && logits.length <= named ? logits.map(sigmoid) : softmax(logits).slice(0, -1);
  const score = Math.max(...scores);
  return { id: scores.indexOf(score), score };
}

/** From the middle and the sides in shares of the picture to corners in its whole pixels, none outside of it. */
function boxOf(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  picture: { readonly width: number; readonly height: number },
): Found["box"] {
  const within = (share: number, side: number) => Math.round(Math.min(1, Math.max(0, share)) * side);
  return {
    xmin: within(x - width / 2, picture.width),
    ymin: within(y - height / 2, picture.height),
    xmax: within(x + width / 2, picture.width),
    ymax: within(y + height / 2, picture.height),
  };
}
