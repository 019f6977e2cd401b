import type { ModelCard } from "../model-card.ts";
import { chatCompletion } from "./chat-completion.ts";
import { generatedText } from "./generated-text.ts";
import { delta, input, type Message, output, type TextGenerationInput } from "./generation.ts";
import { bytesOf, defineTask } from "./task.ts";

/** What a chat template adds beside the texts: more than any template that we know of. */
const templateTokens = 512;
const templateTokensPerMessage = 32;
/** The length of an answer where neither the request nor the model's context says one. */
const assumedMostTokens = 8192;

/** The most tokens that an answer may have; engines stop there. */
export function mostTokensOf(
  asked: Pick<TextGenerationInput, "max_tokens">,
  { contextTokens = Infinity }: Pick<ModelCard, "contextTokens">,
): number {
  return Math.min(asked.max_tokens ?? (contextTokens === Infinity ? assumedMostTokens : contextTokens), contextTokens);
}

/** Text in, text out, with chat, tools, JSON and reasoning. */
export const textGeneration = defineTask({
  label: "Text Generation",
  id: "c329a1f9-323d-4e91-b2aa-582dd4188d34",
  description: "Continues a prompt or answers a conversation",
  input,
  delta,
  output,
  bound(asked, model) {
    const texts = [asked.prompt ?? "", ...(asked.messages ?? []).flatMap(textsOf), asked.tools ? JSON.stringify(asked.tools) : ""];
    const prompt = texts.reduce(
      (sum, text) => sum + bytesOf(text),
      templateTokens + templateTokensPerMessage * (asked.messages?.length ?? 0),
    );
    return { "input-token": Math.min(prompt, model.contextTokens ?? Infinity), "output-token": mostTokensOf(asked, model) };
  },
  wire: { "generated-text": generatedText, "chat-completion": chatCompletion },
});

function textsOf(said: Message): string[] {
  const content = typeof said.content === "string" ? [said.content] : said.content.map((part) => (part.type === "text" ? part.text : ""));
  const calls = (said.tool_calls ?? []).map((call) => call.name + call.arguments + call.id);
  return [...content, ...calls, said.name ?? "", said.reasoning ?? "", said.tool_call_id ?? ""];
}
