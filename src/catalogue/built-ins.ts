import type { ModelCard } from "../core/index.ts";
import { catalogueCards } from "./cards.ts";

export interface BuiltInsOptions {
  /** Absolute path of the folder that the models of this repository are in, without a slash at its end. */
  readonly modelsFolder: string;
}

/** The models that come with Ganglion: they answer without a network. Each costs what a small model of its task costs, so that a budget can be watched at work. */
export function builtIns({ modelsFolder }: BuiltInsOptions): readonly ModelCard[] {
  return [
    builtIn("@cf/meta/llama-3.2-1b-instruct", {
      name: "@ganglion/tiny-chat",
      task: "text-generation",
      wireForm: "generated-text",
      description: "Tiny Chat: 2-million-parameter chat model that comes with Ganglion, for first steps and tests, context of 2,048 tokens",
      contextTokens: 2048,
      parameters: "2M",
      abilities: { tools: true, json: true },
      weights: [{ format: "gguf", path: `${modelsFolder}/tiny-chat/tiny-chat.gguf` }],
    }),
    builtIn("@cf/baai/bge-small-en-v1.5", {
      name: "@ganglion/tiny-embed",
      task: "text-embeddings",
      wireForm: "embedding",
      description: "Tiny Embed: 7-million-parameter embedding model that comes with Ganglion, English, vectors of 512 numbers",
      contextTokens: 512,
      dimensions: 512,
      parameters: "7M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-embed` }],
    }),
    builtIn("@cf/baai/bge-reranker-base", {
      name: "@ganglion/tiny-rerank",
      task: "reranking",
      wireForm: "scores",
      description: "Tiny Rerank: orders texts by the vectors of Tiny Embed, English",
      contextTokens: 512,
      parameters: "7M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-embed` }],
    }),
    builtIn("@cf/huggingface/distilbert-sst-2-int8", {
      name: "@ganglion/tiny-sentiment",
      task: "text-classification",
      wireForm: "labels",
      description: "Tiny Sentiment: 7-million-parameter text classifier that comes with Ganglion, English, good or bad",
      contextTokens: 512,
      parameters: "7M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-sentiment` }],
    }),
    builtIn("@cf/microsoft/resnet-50", {
      name: "@ganglion/tiny-classify",
      task: "image-classification",
      wireForm: "labels",
      description: "Tiny Classify: names drawn shapes and their colours, 32 labels such as red circle; comes with Ganglion",
      contextTokens: undefined,
      parameters: "0.1M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-shapes/classify` }],
    }),
    // DETR has no published price: like the classifier.
    builtIn("@cf/microsoft/resnet-50", {
      name: "@ganglion/tiny-detect",
      task: "object-detection",
      wireForm: "boxes",
      description: "Tiny Detect: finds drawn shapes, their colours and where they are; comes with Ganglion",
      contextTokens: undefined,
      parameters: "0.7M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-shapes/detect` }],
    }),
    builtIn("@cf/black-forest-labs/flux-1-schnell", {
      name: "@ganglion/tiny-draw",
      task: "text-to-image",
      wireForm: "png",
      description:
        "Tiny Draw: draws coloured circles, squares, triangles and stars of 128 x 128 pixels, enlarged to the size that is asked for; comes with Ganglion",
      contextTokens: undefined,
      parameters: "2.6M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-shapes/draw` }],
    }),
    builtIn("@cf/openai/whisper", {
      name: "@ganglion/tiny-listen",
      task: "automatic-speech-recognition",
      wireForm: "transcript-with-segments",
      description:
        "Tiny Listen: writes down 349 English words as the four voices of Tiny Speak read them; understands no people; comes with Ganglion",
      contextTokens: undefined,
      parameters: "1.5M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-listen` }],
    }),
    builtIn("@cf/myshell-ai/melotts", {
      name: "@ganglion/tiny-speak",
      task: "text-to-speech",
      wireForm: "audio",
      description:
        "Tiny Speak: reads English aloud with the voices of flite (slt, rms, awb, kal16), as wav, mp3 or pcm; comes with Ganglion",
      contextTokens: undefined,
      abilities: {},
      weights: [{ format: "flite", path: `${modelsFolder}/tiny-speak` }],
    }),
    builtIn("@cf/moondream/moondream3.1-9B-A2B", {
      name: "@ganglion/tiny-caption",
      task: "image-to-text",
      wireForm: "description",
      description: "Tiny Caption: tells in English which drawn shapes a picture shows, and on what ground; comes with Ganglion",
      contextTokens: undefined,
      parameters: "0.6M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-shapes/caption` }],
    }),
    builtIn("@cf/meta/m2m100-1.2b", {
      name: "@ganglion/tiny-translate",
      task: "translation",
      wireForm: "translated-text",
      description:
        "Tiny Translate: a phrase book between English, Spanish, Portuguese, German and French, sentence by sentence; comes with Ganglion",
      contextTokens: 512,
      parameters: "5.5M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-translate` }],
    }),
    // bart-large-cnn has no published price: like the translator.
    builtIn("@cf/meta/m2m100-1.2b", {
      name: "@ganglion/tiny-summary",
      task: "summarization",
      wireForm: "summary",
      description: "Tiny Summary: says in a sentence or two what happened, for short English news; comes with Ganglion",
      contextTokens: 512,
      parameters: "5.5M",
      abilities: {},
      weights: [{ format: "onnx", path: `${modelsFolder}/tiny-summary` }],
    }),
    builtIn("@cf/meta/llama-3.2-1b-instruct", {
      name: "@ganglion/echo",
      task: "text-generation",
      wireForm: "generated-text",
      description: "Echo: says back what it got, word by word; no model at all, for demonstrations and tests",
      contextTokens: undefined,
      abilities: { tools: true, reasoning: true },
      weights: [],
    }),
    builtIn("@cf/black-forest-labs/flux-1-schnell", {
      name: "@ganglion/echo-picture",
      task: "text-to-image",
      wireForm: "png",
      description: "Echo Picture: stripes in colours of the words of the prompt; no model at all, for demonstrations and tests",
      contextTokens: undefined,
      abilities: {},
      weights: [],
    }),
    builtIn("@cf/myshell-ai/melotts", {
      name: "@ganglion/echo-speech",
      task: "text-to-speech",
      wireForm: "audio",
      description: "Echo Speech: a tone for each word; no model at all, for demonstrations and tests",
      contextTokens: undefined,
      abilities: {},
      weights: [],
    }),
    builtIn("@cf/openai/whisper", {
      name: "@ganglion/echo-transcript",
      task: "automatic-speech-recognition",
      wireForm: "transcript-with-segments",
      description: "Echo Transcript: writes down what Echo Speech said; no model at all, for demonstrations and tests",
      contextTokens: undefined,
      abilities: {},
      weights: [],
    }),
    builtIn("@cf/meta/m2m100-1.2b", {
      name: "@ganglion/echo-translation",
      task: "translation",
      wireForm: "translated-text",
      description: "Echo Translation: says back what it got, in the language it was in; no model at all, for demonstrations and tests",
      contextTokens: undefined,
      abilities: {},
      weights: [],
    }),
  ];
}

function builtIn(pricedLike: string, card: Omit<ModelCard, "aliases" | "price" | "origin" | "createdAt">): ModelCard {
  return Object.freeze<ModelCard>({
    ...card,
    aliases: [],
    price: catalogueCards.find(({ name }) => name === pricedLike)?.price ?? [],
    origin: "built-in",
    createdAt: Date.parse("2026-11-25") / 1000,
  });
}
