import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { coloursWanted, tableText } from "../table.ts";
import { type Asked, post, postForm, print, printJson, runNative } from "./asked.ts";
import type { SentFile } from "./input.ts";
import { textOf } from "./input.ts";
import { labelTable, percent, scoredLabels } from "./labels.ts";
import { writeOutput } from "./output.ts";

export async function namePicture(asked: Asked): Promise<void> {
  const result = await runNative(asked, fileOf(asked));
  if (asked.options.json) return printJson(result);
  print(labelTable(scoredLabels.parse(result)));
}

const detections = z.array(
  z.object({
    label: z.string(),
    score: z.number(),
    box: z.object({ xmin: z.number(), ymin: z.number(), xmax: z.number(), ymax: z.number() }),
  }),
);

/** Boxes in pixels of the picture, from its left upper corner. */
export async function findInPicture(asked: Asked): Promise<void> {
  const result = await runNative(asked, fileOf(asked));
  if (asked.options.json) return printJson(result);
  const rows = detections
    .parse(result)
    .map(({ label, score, box: { xmin, ymin, xmax, ymax } }) => [
      label,
      percent(score),
      ...[xmin, ymin, xmax, ymax].map((side) => Math.round(side).toString().padStart(6)),
    ]);
  print(
    tableText(
      ["LABEL", "SCORE", "LEFT", "TOP", "RIGHT", "BOTTOM"].map((title, i) => (i < 2 ? title : title.padStart(6))),
      rows,
      coloursWanted(),
    ),
  );
}

export async function describePicture(asked: Asked): Promise<void> {
  const { prompt, options } = asked;
  const file = fileOf(asked);
  const words = { prompt: prompt || undefined, max_tokens: options.maxTokens, temperature: options.temperature, seed: options.seed };
  const plain = Object.values(words).every((value) => value === undefined);
  const result = await runNative(asked, plain ? file : { ...words, image: [...file.bytes] });
  if (options.json) return printJson(result);
  print(z.object({ description: z.string() }).parse(result).description.trim());
}

/** Draws; with a picture, one that begins from it. */
export async function draw(asked: Asked): Promise<void> {
  const { model, prompt, file, options } = asked;
  const { size, steps, seed } = options;
  const picture = file?.mediaType.startsWith("text/") ? undefined : file;
  const words = picture ? prompt : textOf(prompt, file);
  const fields = { model: model.name, prompt: words, size, steps, seed, response_format: "b64_json" };
  const response = picture
    ? await postForm(asked, "/v1/images/edits", { ...fields, image: picture })
    : await post(asked, "/v1/images/generations", fields);
  const reply: unknown = await response.json();
  if (options.json) return printJson(reply);
  const { data } = z.object({ data: z.array(z.object({ b64_json: z.string() })) }).parse(reply);
  for (const { b64_json: base64 } of data) {
    const bytes = Buffer.from(base64, "base64");
    writeOutput(bytes, options.output, `picture.${bytes[0] === 0xff ? "jpg" : "png"}`);
  }
}

function fileOf({ file, model }: Asked): SentFile {
  if (file) return file;
  throw new Problem("bad-input", `${model.name} wants a picture: give its path, or --file`);
}
