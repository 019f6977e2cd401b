import * as z from "zod";
import { parseSent } from "../sent.ts";
import { Problem } from "../problem.ts";
import { tokensOf, type Usage } from "../usage.ts";
import { chatFields, generationFields, readChat, readGeneration } from "./chat-body.ts";
import type { WireForm } from "./task.ts";
import type { TextGenerationDelta, TextGenerationInput, TextGenerationOutput } from "./generation.ts";

/** Source: developers.cloudflare.com/workers-ai/changelog, 2025-02-21. */
const defaultMaxTokens = 256;

export const promptBody = z.object({
  prompt: z.string().min(1),
  /** The documentation sends the text "true" as well. */
  raw: z.union([z.boolean(), z.enum(["true", "false"])]).nullish(),
  ...generationFields,
});
export const messagesBody = z.object(chatFields);

/** A body with `prompt` or with `messages`, in core words, with the native defaults. */
export function readPromptOrMessages(body: unknown): TextGenerationInput {
  const has = (key: string) => typeof body === "object" && body !== null && Reflect.get(body, key) != null; // oxlint-disable-line eqeqeq -- null means absent
  if (has("prompt") && has("messages")) {
    throw new Problem("bad-input", "prompt and messages are mutually exclusive; send one of them", { details: { field: "/prompt" } });
  }
  const input = has("messages") ? readChat(parseSent(messagesBody, body)) : readPrompt(parseSent(promptBody, body));
  return { ...input, max_tokens: input.max_tokens ?? defaultMaxTokens };
}

function readPrompt(body: z.output<typeof promptBody>): TextGenerationInput {
  return { prompt: body.prompt, raw: body.raw === true || body.raw === "true" || undefined, ...readGeneration(body) };
}

export function usageFields(usage: Usage) {
  const { prompt, cached, completion, total } = tokensOf(usage);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: total,
    prompt_tokens_details: { cached_tokens: cached },
  };
}

/** The native shape has the arguments as an object; what is no JSON object stays text, so that nothing is lost. */
function argumentsOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const wireToolCall = z.object({ id: z.string().optional(), name: z.string(), arguments: z.unknown() });
const wireUsage = z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() });

/**
 * `{response, tool_calls, usage}`, and a stream of `{response}`: what every text model of 2023 to 2025 speaks.
 * In JSON mode `response` is the parsed value. `finish_reason`, which the service leaves out, is what workers-ai-provider reads to tell
 * an answer that was cut from one that is whole.
 * Source: developers.cloudflare.com/workers-ai/models/llama-3.1-8b-instruct and features/json-mode, seen 2026-10.
 */
export const generatedText: WireForm<TextGenerationInput, TextGenerationDelta, TextGenerationOutput> = {
  input: z.union([promptBody, messagesBody]),
  output: z.object({
    response: z.unknown(),
    tool_calls: z.array(wireToolCall).optional(),
    finish_reason: z.enum(["stop", "length", "tool_calls"]),
    usage: wireUsage,
  }),
  read: readPromptOrMessages,
  write({ text, tool_calls: calls, finish_reason: reason }, usage, { input }) {
    return {
      response: input.response_format && calls.length === 0 && reason === "stop" ? argumentsOf(text) : text,
      ...(input.tools && { tool_calls: calls.map((call) => ({ id: call.id, name: call.name, arguments: argumentsOf(call.arguments) })) }),
      finish_reason: reason,
      usage: usageFields(usage),
    };
  },
  events: {
    begin: () => [],
    // `response` is in every event and always a string: readers take it without a look. Reasoning has no place in this form.
    delta: ({ text }) => (text ? [{ response: text }] : []),
    // A call's arguments are an object here, so it is sent when it is whole.
    end: ({ tool_calls: calls, finish_reason }, usage) => [
      ...(calls.length > 0
        ? [{ response: "", tool_calls: calls.map((call) => ({ id: call.id, name: call.name, arguments: argumentsOf(call.arguments) })) }]
        : []),
      { response: "", finish_reason, usage: usageFields(usage) },
    ],
    idle: { response: "" },
  },
};
