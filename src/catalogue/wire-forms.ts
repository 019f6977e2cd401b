import type { TaskId } from "../core/index.ts";

/**
 * How Workers AI writes a task, for most of its models. The forms of tasks that are not served yet are named here for the day they are.
 * Source: the model pages of developers.cloudflare.com/workers-ai/models, seen 2026-10.
 */
const usual: Readonly<Record<TaskId, string>> = {
  "text-generation": "generated-text",
  "text-embeddings": "embedding",
  "text-classification": "labels",
  reranking: "scores",
  "text-to-image": "png",
  "automatic-speech-recognition": "transcript",
  translation: "translated-text",
  "image-classification": "labels",
  "object-detection": "boxes",
  summarization: "summary",
  "image-to-text": "description",
  "text-to-speech": "audio",
};

/** The families of models that have another one. */
const families: readonly (readonly [name: RegExp, wireForm: string])[] = [
  [/\/(gpt-oss|glm-|kimi-|gemma-4|nemotron-|deepseek-v4|qwen3-\d+b|qwen3\.)/, "chat-completion"],
  [/\/clef(-|$)/, "decisions"], // questions in, probabilities out: filed under Text Generation, and not served yet
  [/\/bge-m3$/, "embedding-or-scores"],
  [/\/qwen3-embedding/, "queries-or-documents"],
  [/\/(flux-1-schnell|lucid-origin)$/, "base64-image"],
  [/\/flux-2-/, "multipart-base64-image"],
  [/\/whisper-large-v3-turbo$/, "transcript-with-segments"],
  [/\/nova-3$/, "channels"],
  [/\/deepgram\/flux$/, "turn-events"],
  [/\/smart-turn-v2$/, "turn-probability"],
  [/\/indictrans2/, "translations"],
  [/\/moondream3/, "base64-description"],
  [/\/melotts$/, "base64-audio"],
];

/** The name of a model's wire form, one of its task's. */
export function wireFormOf(name: string, task: TaskId): string {
  return families.find(([family]) => family.test(name))?.[1] ?? usual[task];
}
