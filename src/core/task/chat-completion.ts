import * as z from "zod";
import { tokensOf, type Usage } from "../usage.ts";
import { piecesOf } from "./delta-pieces.ts";
import { messagesBody, promptBody, readPromptOrMessages, usageFields } from "./generated-text.ts";
import type { WireContext, WireForm } from "./task.ts";
import type { TextGenerationDelta, TextGenerationInput, TextGenerationOutput, TokenLogprob } from "./generation.ts";

type Context = Pick<WireContext<TextGenerationInput>, "callId" | "model" | "at">;

const head = (object: string, { callId, model, at }: Context) => ({
  id: `chatcmpl-${callId}`,
  object,
  created: Math.floor(at / 1000),
  model,
});

const utf8 = new TextEncoder();
const logprobsOf = (tokens: readonly TokenLogprob[] | undefined) =>
  tokens
    ? {
        content: tokens.map(({ token, logprob, top }) => ({
          token,
          logprob,
          bytes: [...utf8.encode(token)],
          top_logprobs: top.map((other) => ({ ...other, bytes: [...utf8.encode(other.token)] })),
        })),
        refusal: null,
      }
    : null;

/**
 * An OpenAI `chat.completion`. `content` is "" where OpenAI has null: gateways assert that it is a string.
 * Source: platform.openai.com/docs/api-reference/chat/object, seen 2026-11.
 */
export function chatCompletionOf(outputs: readonly TextGenerationOutput[], usage: Usage, context: Context) {
  return {
    ...head("chat.completion", context),
    choices: outputs.map((output, index) => ({
      index,
      message: {
        role: "assistant",
        content: output.text,
        refusal: null,
        ...(output.reasoning !== undefined && { reasoning_content: output.reasoning }),
        ...(output.tool_calls.length > 0 && {
          tool_calls: output.tool_calls.map((call) => ({
            id: call.id,
            type: "function",
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
      },
      logprobs: logprobsOf(output.logprobs),
      finish_reason: output.finish_reason,
    })),
    usage: usageFields(usage),
  };
}

/** Chunks of one choice: role first, then pieces, then exactly one finish. `id`, `created` and `model` are the same in all. */
export const chatChunks = {
  begin: (context: Context, index = 0) => chunk(context, index, { role: "assistant", content: "" }),
  delta({ text, reasoning, tool_call: call, logprobs }: TextGenerationDelta, context: Context, index = 0) {
    const delta = {
      ...(reasoning !== undefined && { reasoning_content: reasoning }),
      ...(text !== undefined && { content: text }),
      // `id` only in the first piece: NextChat begins a new call wherever it sees one
      ...(call && {
        tool_calls: [
          {
            index: call.index,
            ...(call.id !== undefined && { id: call.id, type: "function" }),
            function: { ...(call.name !== undefined && { name: call.name }), arguments: call.arguments },
          },
        ],
      }),
    };
    return chunk(context, index, delta, null, logprobsOf(logprobs));
  },
  end: (output: TextGenerationOutput, context: Context, index = 0) => chunk(context, index, {}, output.finish_reason),
  usage: (usage: Usage, context: Context) => ({ ...head("chat.completion.chunk", context), choices: [], usage: usageFields(usage) }),
} as const;

/** One for every token of every stream, and so without a spread: on Node 20 that takes longer than all the rest. */
function chunk(context: Context, index: number, delta: object, finish: string | null = null, logprobs: object | null = null) {
  return Object.assign(head("chat.completion.chunk", context), { choices: [{ index, delta, logprobs, finish_reason: finish }] });
}

const completionObject = z.object({
  id: z.string(),
  object: z.literal("chat.completion"),
  created: z.int(),
  model: z.string(),
  choices: z.array(z.record(z.string(), z.unknown())),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() }),
});

/**
 * The form of the newer models (gpt-oss, glm, kimi, qwen3, gemma 4, nemotron): `result` is a chat completion, and a stream has its
 * chunks, closed by a native usage event.
 */
export const chatCompletion: WireForm<TextGenerationInput, TextGenerationDelta, TextGenerationOutput> = {
  input: z.union([promptBody, messagesBody]),
  output: completionObject,
  read: readPromptOrMessages,
  write: (output, usage, context) => chatCompletionOf([output], usage, context),
  events: {
    begin: (context) => [chatChunks.begin(context)],
    delta: (delta, context) => piecesOf(delta).map((piece) => chatChunks.delta(piece, context)),
    end: (output, usage, context) => [
      chatChunks.end(output, context),
      chatChunks.usage(usage, context),
      { response: "", usage: usageFields(usage) },
    ],
    idle: { response: "" },
  },
};

/** An OpenAI `text_completion`, whole or as a chunk of a stream. Source: platform.openai.com/docs/api-reference/completions. */
export function textCompletionOf(
  choices: readonly { text: string; index: number; finish_reason: string | null }[],
  context: Context,
  usage?: Usage,
) {
  return {
    ...head("text_completion", context),
    id: `cmpl-${context.callId}`,
    choices: choices.map((choice) => ({ ...choice, logprobs: null })),
    ...(usage && { usage: { ...usageFields(usage), total_tokens: tokensOf(usage).total } }),
  };
}
