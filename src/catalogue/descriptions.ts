import type { TaskId } from "../core/index.ts";
import type { CatalogueRow } from "./rows.ts";

const kinds: Readonly<Record<TaskId, string>> = {
  "text-generation": "chat model",
  "text-embeddings": "embedding model",
  "text-classification": "text classifier",
  reranking: "reranking model",
  "text-to-image": "image generator",
  "automatic-speech-recognition": "speech recognition model",
  translation: "translation model",
  "image-classification": "image classifier",
  "object-detection": "object detector",
  summarization: "summarization model",
  "image-to-text": "image description model",
  "text-to-speech": "speech synthesis model",
};

const scales: Readonly<Record<string, string>> = { M: "million", B: "billion", T: "trillion" };

/** "Llama 3.2 1B Instruct: 1-billion-parameter chat model by Meta, context of 60,000 tokens" */
export function descriptionOf({ title, task, kind = kinds[task], by, parameters, contextTokens, dimensions }: CatalogueRow): string {
  const size =
    parameters?.replace(/^([\d.]+)([MBT])$/, (_, digits: string, letter: string) => `${digits}-${scales[letter] ?? ""}-parameter `) ?? "";
  const context = contextTokens === undefined ? "" : `, context of ${contextTokens.toLocaleString("en")} tokens`;
  const vectors = dimensions === undefined ? "" : `, vectors of ${dimensions.toLocaleString("en")} numbers`;
  return `${title}: ${size}${kind} by ${by}${context}${vectors}`;
}
