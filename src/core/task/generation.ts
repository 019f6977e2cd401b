import * as z from "zod";
import { jsonObject } from "../sent.ts";
import { media } from "./media.ts";

/** A function that the model may call. `parameters` is a JSON Schema of an object. */
export const tool = z.object({ name: z.string().min(1), description: z.string().optional(), parameters: jsonObject.optional() });
export type Tool = z.output<typeof tool>;

/** `arguments` is JSON text, as the model wrote it. */
export const toolCall = z.object({ id: z.string(), name: z.string(), arguments: z.string() });
export type ToolCall = z.output<typeof toolCall>;

export const contentPart = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("image"), image: media }),
]);

export const message = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.union([z.string(), z.array(contentPart)]),
  name: z.string().optional(),
  reasoning: z.string().optional(),
  tool_calls: z.array(toolCall).optional(),
  tool_call_id: z.string().optional(),
});
export type Message = z.output<typeof message>;

/**
 * The sampling fields, with the limits of Workers AI's schemas.
 * Source: developers.cloudflare.com/workers-ai/models (schemas of the text models), seen 2026-10.
 */
export const sampling = z.object({
  /** Tokens of the answer; absent: what the context window leaves. */
  max_tokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(5).optional(),
  top_p: z.number().min(0).max(2).optional(),
  top_k: z.int().min(1).max(50).optional(),
  min_p: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  repetition_penalty: z.number().min(0).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
});

export const input = z.object({
  /** One of `prompt` and `messages`, never both. */
  prompt: z.string().min(1).optional(),
  messages: z.array(message).min(1).optional(),
  /** The prompt as it is, without the model's chat template. */
  raw: z.boolean().optional(),
  ...sampling.shape,
  /** Whether `max_tokens` was asked for: then a prompt that leaves less room is refused, else the answer is what fits. */
  max_tokens_stated: z.boolean().optional(),
  stop: z.array(z.string().min(1)).max(16).optional(),
  response_format: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("json_object") }),
      z.object({ type: z.literal("json_schema"), schema: jsonObject }),
    ])
    .optional(),
  tools: z.array(tool).max(128).optional(),
  tool_choice: z.union([z.enum(["auto", "none", "required"]), z.object({ name: z.string() })]).optional(),
  parallel_tool_calls: z.boolean().optional(),
  /** How many alternatives to report beside each token; absent: no log probabilities. */
  top_logprobs: z.int().min(0).max(20).optional(),
  /** The few switches of chat templates that clients may set. */
  thinking: z.boolean().optional(),
  lora: z.string().optional(),
});

const tokenLogprob = z.object({
  token: z.string(),
  logprob: z.number(),
  top: z.array(z.object({ token: z.string(), logprob: z.number() })),
});
export type TokenLogprob = z.output<typeof tokenLogprob>;

/** A piece of the answer. The pieces of one kind, joined, are the output's field. */
export const delta = z.object({
  text: z.string().optional(),
  reasoning: z.string().optional(),
  /** The first piece of a call has `id` and `name`; `arguments` is the next piece of its JSON text. */
  tool_call: z.object({ index: z.int(), id: z.string().optional(), name: z.string().optional(), arguments: z.string() }).optional(),
  logprobs: z.array(tokenLogprob).optional(),
});

export const output = z.object({
  text: z.string(),
  reasoning: z.string().optional(),
  tool_calls: z.array(toolCall),
  finish_reason: z.enum(["stop", "length", "tool_calls"]),
  logprobs: z.array(tokenLogprob).optional(),
});

export type TextGenerationInput = z.output<typeof input>;
export type TextGenerationDelta = z.output<typeof delta>;
export type TextGenerationOutput = z.output<typeof output>;

/** The text of a message, images left out. */
export function textOf(said: Message): string {
  return typeof said.content === "string" ? said.content : said.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
