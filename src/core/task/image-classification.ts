import * as z from "zod";
import { parseSent } from "../sent.ts";
import { byteArray, media, readByteArray, scoredLabel } from "./media.ts";
import { defineTask, type WireForm } from "./task.ts";

const input = z.object({ image: media });
const output = z.array(scoredLabel);

/** How many labels an answer has at most. */
export const labelsShown = 5;

const imageBody = z.object({ image: byteArray });

const labels: WireForm<z.output<typeof input>, never, z.output<typeof output>> = {
  input: imageBody,
  output,
  read: (body) => ({ image: readByteArray(parseSent(imageBody, body).image) }),
  readMedia: (image) => ({ image }),
  write: (scored) => scored.map(({ score, label }) => ({ score, label })),
};

/**
 * A picture in, the five best labels out, best first.
 * Source: developers.cloudflare.com/workers-ai/models/resnet-50, seen 2026-10.
 */
export const imageClassification = defineTask({
  label: "Image Classification",
  id: "00cd182b-bf30-4fc4-8481-84a3ab349657",
  description: "Names what a picture shows",
  input,
  delta: z.never(),
  output,
  bound: () => ({ image: 1 }),
  wire: { labels },
});
