/** Every kind of work, by its id in code. `index.ts` has the task behind each. */
export type TaskId =
  | "text-generation"
  | "text-embeddings"
  | "text-classification"
  | "reranking"
  | "text-to-image"
  | "automatic-speech-recognition"
  | "translation"
  | "image-classification"
  | "object-detection"
  | "summarization"
  | "image-to-text"
  | "text-to-speech";
