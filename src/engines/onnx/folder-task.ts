import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { TaskId } from "../../core/index.ts";

const configSchema = z.looseObject({
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string(), z.string()).nullish(),
});

/** What networks are made for, by the ends of their names in transformers. */
const tasksByEnding: readonly (readonly [RegExp, TaskId])[] = [
  [/ForImageClassification$/, "image-classification"],
  [/ForObjectDetection$/, "object-detection"],
  [/^VisionEncoderDecoderModel$/, "image-to-text"],
  [/ForSpeechSeq2Seq$|^WhisperForConditionalGeneration$/, "automatic-speech-recognition"],
  [/^(?:M2M100|FSMT)ForConditionalGeneration$|^MarianMTModel$/, "translation"],
  [/^(?:Bart|Pegasus)ForConditionalGeneration$/, "summarization"],
  [/ForSequenceClassification$/, "text-classification"],
  [/(?:Model|ForMaskedLM)$/, "text-embeddings"],
];

/** The task of the model in a folder of ONNX files, as far as its files say; undefined where they do not. */
export async function taskOfFolder(path: string): Promise<TaskId | undefined> {
  if (await json(path, "model_index.json")) return "text-to-image";
  const config = configSchema.safeParse(await json(path, "config.json"));
  const [architecture = ""] = config.data?.architectures ?? [];
  const task = tasksByEnding.find(([ending]) => ending.test(architecture))?.[1];
  // One number for a text and its pair is how well they fit.
  return task === "text-classification" && Object.keys(config.data?.id2label ?? {}).length === 1 ? "reranking" : task;
}

async function json(path: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(path, file), "utf8"));
  } catch {
    return undefined;
  }
}
