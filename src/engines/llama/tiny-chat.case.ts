import { fileURLToPath } from "node:url";
import type { ModelCard } from "../../core/index.ts";

export const tinyChatPath = fileURLToPath(new URL("../../../models/tiny-chat/tiny-chat.gguf", import.meta.url));

/** The built-in model as a card, for tests of this room. */
export const tinyChat: ModelCard = {
  name: "@ganglion/tiny-chat",
  aliases: [],
  task: "text-generation",
  wireForm: "generated-text",
  description: "A very small chat model",
  contextTokens: 2048,
  price: [],
  weights: [{ format: "gguf", path: tinyChatPath }],
  origin: "built-in",
  abilities: { tools: true, json: true },
  createdAt: 0,
};
