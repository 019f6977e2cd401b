import type * as z from "zod";
import { automaticSpeechRecognition } from "./automatic-speech-recognition.ts";
import { imageClassification } from "./image-classification.ts";
import { imageToText } from "./image-to-text.ts";
import { objectDetection } from "./object-detection.ts";
import { reranking } from "./reranking.ts";
import { summarization } from "./summarization.ts";
import type { TaskDefinition, WireForm } from "./task.ts";
import type { TaskId } from "./task-id.ts";
import { textClassification } from "./text-classification.ts";
import { textEmbeddings } from "./text-embeddings.ts";
import { textGeneration } from "./text-generation.ts";
import { textToImage } from "./text-to-image.ts";
import { textToSpeech } from "./text-to-speech.ts";
import { translation } from "./translation.ts";

/** Every kind of work, by its id in code. */
export const tasks = {
  "text-generation": textGeneration,
  "text-embeddings": textEmbeddings,
  "text-classification": textClassification,
  reranking,
  "text-to-image": textToImage,
  "automatic-speech-recognition": automaticSpeechRecognition,
  translation,
  "image-classification": imageClassification,
  "object-detection": objectDetection,
  summarization,
  "image-to-text": imageToText,
  "text-to-speech": textToSpeech,
} as const satisfies Record<TaskId, unknown>;

export type { TaskId };
export type Input<T extends TaskId = TaskId> = z.output<(typeof tasks)[T]["input"]>;
export type Delta<T extends TaskId = TaskId> = z.output<(typeof tasks)[T]["delta"]>;
export type Output<T extends TaskId = TaskId> = z.output<(typeof tasks)[T]["output"]>;

/** A task and a wire form as code sees them that works for every task: what goes in and out is told apart by the schemas, not by types. */
export type AnyTask = TaskDefinition;
export type AnyWireForm = WireForm<unknown, unknown, unknown>;

export function taskOf(id: TaskId): AnyTask {
  return tasks[id] as AnyTask; // a task's own types meet again where its schemas parsed the values
}

export type { TaskDefinition, WireContext, WireForm } from "./task.ts";
export {
  type Message,
  textOf,
  type TextGenerationDelta,
  type TextGenerationInput,
  type TextGenerationOutput,
  type TokenLogprob,
  type Tool,
  type ToolCall,
} from "./generation.ts";
export { mostTokensOf } from "./text-generation.ts";
export { chatFields, generationFields, readChat, readGeneration } from "./chat-body.ts";
export { chatChunks, chatCompletionOf, textCompletionOf } from "./chat-completion.ts";
export { piecesOf } from "./delta-pieces.ts";
export type { SpeechInput, SpeechOutput } from "./automatic-speech-recognition.ts";
export type { SpokenSegment } from "./spoken.ts";
export { labelsShown } from "./image-classification.ts";
export type { ImageToTextInput } from "./image-to-text.ts";
export { base64Of, bytesOfBase64, type Media, mediaOfDataUrl } from "./media.ts";
export { subtitlesOf } from "./subtitles.ts";
export type { TextEmbeddingsInput, TextEmbeddingsOutput } from "./vectors.ts";
export { imageUsage, type TextToImageInput } from "./text-to-image.ts";
export { audioFormats, type SpeechSynthesisInput } from "./text-to-speech.ts";
export { mostTranslationTokens, type TranslationInput } from "./translation.ts";
export { languageName, languageOf, mainTranslationLanguages, translationLanguages } from "./translation-languages.ts";
