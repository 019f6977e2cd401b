import * as z from "zod";
import { Problem } from "../problem.ts";
import { jsonObject, shortJsonObject } from "../sent.ts";
import { mediaOfDataUrl } from "./media.ts";
import type { Message, TextGenerationInput } from "./generation.ts";

/**
 * How clients write a conversation, on Workers AI's routes and on OpenAI's alike: both families of clients send both families of
 * shapes, so there is one reader. Without transforms, so that it prints as JSON Schema. Unknown keys are ignored, null means absent.
 * Sources: developers.cloudflare.com/workers-ai/models (schemas), platform.openai.com/docs/api-reference/chat/create, seen 2026-11.
 */

const maxTextCharacters = 10_000_000; // the route limits bodies in bytes; this only names the field

const contentPart = z.union([
  z.object({ type: z.enum(["text", "input_text", "output_text"]), text: z.string().max(maxTextCharacters) }),
  z.object({ type: z.literal("image_url"), image_url: z.union([z.string(), z.object({ url: z.string() })]) }),
  z.object({ type: z.enum(["input_audio", "file", "refusal", "input_image", "input_file"]) }),
]);

const toolCallSent = z.object({
  id: z.string().nullish(),
  type: z.string().nullish(),
  name: z.string().optional(),
  arguments: z.union([z.string(), jsonObject]).nullish(),
  function: z.object({ name: z.string(), arguments: z.union([z.string(), jsonObject]).nullish() }).optional(),
});

export const chatMessage = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string().max(maxTextCharacters), z.array(contentPart)]).nullish(),
  name: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  tool_calls: z.array(toolCallSent).nullish(),
  tool_call_id: z.string().nullish(),
});

const bareTool = z.object({ name: z.string().min(1), description: z.string().nullish(), parameters: shortJsonObject.nullish() });
const wrappedTool = z.object({ type: z.literal("function").optional(), function: bareTool });

const responseFormat = z.union([
  z.object({ type: z.enum(["text", "json_object"]) }),
  z.object({ type: z.literal("json_schema"), json_schema: shortJsonObject }),
]);

const toolChoice = z.union([
  z.enum(["auto", "none", "required", "any"]),
  z.object({ type: z.literal("function").optional(), function: z.object({ name: z.string() }) }),
  z.object({ name: z.string() }),
]);

/** Fields of the answer's shape, shared by the prompt and the messages form. */
export const generationFields = {
  stream: z.boolean().nullish(),
  max_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(5).nullish(),
  top_p: z.number().min(0).max(2).nullish(),
  top_k: z.int().min(1).max(50).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  seed: z.int().nullish(),
  repetition_penalty: z.number().min(0).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  response_format: responseFormat.nullish(),
  lora: z.string().nullish(),
} as const;

export const chatFields = {
  messages: z.array(chatMessage).min(1),
  ...generationFields,
  max_completion_tokens: z.int().min(1).nullish(),
  tools: z
    .array(z.union([wrappedTool, bareTool]))
    .max(128)
    .nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  logprobs: z.union([z.boolean(), z.int()]).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  chat_template_kwargs: shortJsonObject.nullish(),
} as const;

const chatBody = z.object(chatFields);
const generationBody = z.object(generationFields);
export type ChatBody = z.output<typeof chatBody>;

/**
 * The core words of what the fields of a generation say. Defaults are the caller's.
 *
 * @param maxTokens what the client says of them, under whatever name
 */
export function readGeneration(body: z.output<typeof generationBody>, maxTokens = body.max_tokens): TextGenerationInput {
  const stop = (typeof body.stop === "string" ? [body.stop] : (body.stop ?? [])).filter((text) => text !== "");
  const input: TextGenerationInput = {
    max_tokens: maxTokens ?? undefined,
    max_tokens_stated: typeof maxTokens === "number" || undefined,
    temperature: body.temperature ?? undefined,
    top_p: body.top_p ?? undefined,
    top_k: body.top_k ?? undefined,
    min_p: body.min_p ?? undefined,
    seed: body.seed ?? undefined,
    repetition_penalty: body.repetition_penalty ?? undefined,
    frequency_penalty: body.frequency_penalty ?? undefined,
    presence_penalty: body.presence_penalty ?? undefined,
    stop: stop.length > 0 ? stop : undefined,
    response_format: readResponseFormat(body.response_format),
    lora: body.lora ?? undefined,
  };
  return input;
}

export function readChat(body: ChatBody): TextGenerationInput {
  const tools = body.tools?.map((sent) => {
    const { name, description, parameters } = "function" in sent ? sent.function : sent;
    return { name, description: description ?? undefined, parameters: parameters ?? undefined };
  });
  const thinking = body.chat_template_kwargs?.["enable_thinking"] ?? body.chat_template_kwargs?.["thinking"];
  return {
    messages: body.messages.map(readMessage),
    tools: tools && tools.length > 0 ? tools : undefined,
    tool_choice: readToolChoice(body.tool_choice, tools ?? []),
    parallel_tool_calls: body.parallel_tool_calls ?? undefined,
    top_logprobs: body.logprobs === true ? (body.top_logprobs ?? 0) : undefined,
    thinking: typeof thinking === "boolean" ? thinking : undefined,
    ...readGeneration(body, body.max_completion_tokens ?? body.max_tokens), // last: Node 20 takes a microsecond for each property after a spread
  };
}

function readMessage(sent: z.output<typeof chatMessage>, index: number): Message {
  const calls = sent.tool_calls?.map((call, position) => ({
    id: call.id ?? `call_${index}_${position}`,
    name: call.function?.name ?? call.name ?? "",
    arguments: textOfArguments(call.function?.arguments ?? call.arguments),
  }));
  const role = sent.role === "developer" ? "system" : sent.role === "function" ? "tool" : sent.role;
  return {
    role,
    content:
      typeof sent.content === "string"
        ? sent.content
        : (sent.content ?? []).map((part, at) => readPart(part, ["messages", index, "content", at])),
    name: sent.name ?? undefined,
    reasoning: sent.reasoning_content ?? sent.reasoning ?? undefined,
    tool_calls: calls && calls.length > 0 ? calls : undefined,
    tool_call_id: sent.tool_call_id ?? undefined,
  };
}

type CorePart = Exclude<Message["content"], string>[number];

function readPart(part: z.output<typeof contentPart>, path: readonly (string | number)[]): CorePart {
  if ("text" in part) return { type: "text", text: part.text };
  const field = `/${path.join("/")}`;
  if (!("image_url" in part)) {
    throw new Problem("bad-input", `a content part of type ${part.type} is not taken; send text, or image_url with a data: URL`, {
      details: { field },
    });
  }
  const image = mediaOfDataUrl(typeof part.image_url === "string" ? part.image_url : part.image_url.url);
  if (!image) {
    throw new Problem("bad-input", "images are not fetched from addresses; send image_url as data:image/png;base64,…", {
      details: { field },
    });
  }
  return { type: "image", image };
}

function textOfArguments(sent: string | Record<string, unknown> | null | undefined): string {
  return typeof sent === "string" ? sent : JSON.stringify(sent ?? {});
}

function readToolChoice(sent: ChatBody["tool_choice"], tools: readonly { name: string }[]): TextGenerationInput["tool_choice"] {
  if (sent === null || sent === undefined) return undefined;
  if (sent === "any" || sent === "required") {
    if (tools.length > 0) return "required";
    throw new Problem("bad-input", "tool_choice asks for a call, and there are no tools", { details: { field: "/tool_choice" } });
  }
  if (typeof sent === "string") return sent;
  const name = "function" in sent ? sent.function.name : sent.name;
  if (tools.some((tool) => tool.name === name)) return { name };
  throw new Problem("bad-input", "tool_choice names a function that is not among the tools", { details: { field: "/tool_choice" } });
}

/** OpenAI wraps the schema as `{name, schema, strict}`, Workers AI sends it bare. */
function readResponseFormat(sent: z.output<typeof responseFormat> | null | undefined): TextGenerationInput["response_format"] {
  if (!sent || sent.type === "text") return undefined;
  if (sent.type === "json_object" || !("json_schema" in sent)) return { type: "json_object" };
  const inner = sent.json_schema["schema"];
  const wrapped = typeof inner === "object" && inner !== null && !Array.isArray(inner) && !("properties" in sent.json_schema);
  return { type: "json_schema", schema: wrapped ? { ...inner } : sent.json_schema };
}
