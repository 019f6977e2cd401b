import * as z from "zod";
import { parseSent } from "../sent.ts";
import { byteArray, media, readByteArray, scoredLabel } from "./media.ts";
import { defineTask, type WireForm } from "./task.ts";

const input = z.object({ image: media });

/** Corners in pixels of the picture as it came. */
const box = z.object({ xmin: z.number(), ymin: z.number(), xmax: z.number(), ymax: z.number() });
const output = z.array(scoredLabel.extend({ box }));

const imageBody = z.object({ image: byteArray });

const boxes: WireForm<z.output<typeof input>, never, z.output<typeof output>> = {
  input: imageBody,
  output,
  read: (body) => ({ image: readByteArray(parseSent(imageBody, body).image) }),
  readMedia: (image) => ({ image }),
  write: (found) => found.map(({ score, label, box: corners }) => ({ score, label, box: corners })),
};

/**
 * A picture in, the things in it with their boxes out, surest first.
 * Source: developers.cloudflare.com/workers-ai/models/detr-resnet-50, seen 2026-10.
 */
export const objectDetection = defineTask({
  label: "Object Detection",
  id: "9c178979-90d9-49d8-9e2c-0f1cf01815d4",
  description: "Finds the things in a picture and where they are",
  input,
  delta: z.never(),
  output,
  bound: () => ({ image: 1 }),
  wire: { boxes },
});
