import { Template } from "@huggingface/jinja";
import type { LlamaModel, Token } from "node-llama-cpp";
import { Problem, textOf, type Message, type TextGenerationInput } from "../../core/index.ts";
import { firstTokens } from "./first-tokens.ts";
import { createGuard } from "./prompt-guard.ts";
import { formatOf, plainFormat, type AnswerFormat } from "./answer-format.ts";

/** What a model is to continue. */
export interface Prompt {
  readonly tokens: Token[];
  /** How the answer is written. */
  readonly format: AnswerFormat;
  /** What the prompt has left open for the answer to go on with. */
  readonly begins: "text" | "thinking" | "call";
  /** Whether the answer may have tool calls. */
  readonly offersTools: boolean;
}

export interface PromptWriter {
  /**
   * @throws Problem bad-input
   * @throws Problem context-exceeded when the prompt alone is far too long to be read
   */
  write(input: TextGenerationInput, contextTokens: number): Prompt;
}

/** Types of tokens in a GGUF that no text may become: unknown and control. Source: `llama_token_type` of llama.cpp, llama.h. */
const controlTypes: ReadonlySet<number> = new Set([2, 3]);

class Refused extends Error {}

/**
 * Writes prompts with the model's own chat template.
 *
 * A text of a client never becomes a control token: `<|im_start|>` in a message would forge a turn. The texts of control tokens are
 * replaced by a mark in private-use characters before the template sees them, and each mark becomes the plain tokens of its text after.
 * Everything else is tokenized in one go, so a prompt without such texts has exactly the tokens that the model was trained on.
 * The same holds for `prompt` with a template; with `raw` the client writes control tokens itself, and they are read as such.
 */
export function createPromptWriter(model: LlamaModel, name: string): PromptWriter {
  const { tokenizer } = model.fileInfo.metadata;
  const types: readonly unknown[] = tokenizer?.ggml?.token_type ?? [];
  const guard = createGuard((tokenizer?.ggml?.tokens ?? []).filter((_text, token) => controlTypes.has(Number(types[token]))));
  const source = tokenizer?.chat_template;
  const format = source === undefined ? plainFormat : formatOf(source);
  let template: Template | undefined;

  function render(values: Record<string, unknown>): string {
    try {
      // The template's own way to refuse is a function that we give it under another name, to know its words from a fault of the engine.
      template ??= new Template((source ?? "").replaceAll("raise_exception", "refuse_input"));
      return template.render(values);
    } catch (cause) {
      const why = cause instanceof Refused ? `: ${cause.message.slice(0, 200)}` : "";
      throw new Problem("bad-input", `the chat template of ${name} does not take these messages${why}`, {
        details: { field: "/messages" },
        cause,
      });
    }
  }

  function written(input: TextGenerationInput, messages: readonly Message[], contextTokens: number): Prompt {
    const tools = input.tool_choice === "none" ? [] : (input.tools ?? []);
    if (tools.length > 0 && !/\btools\b/.test(source ?? "")) throw noTools(name);
    const forced = input.tool_choice === "required" || typeof input.tool_choice === "object";
    if (forced && !format.calls) throw noForcedTools(name);
    const rendered = render({
      messages: messages.map((message) => guard.hide(messageFor(message, name))),
      ...(tools.length > 0 && { tools: guard.hide(tools.map((tool) => ({ type: "function", function: withParameters(tool) }))) }),
      ...(input.thinking !== undefined && { enable_thinking: input.thinking, thinking: input.thinking }),
      add_generation_prompt: true,
      bos_token: model.tokens.bosString ?? "",
      eos_token: model.tokens.eosString ?? "",
      refuse_input(message: unknown) {
        throw new Refused(String(message));
      },
    });
    const thinks = format.thinking !== undefined && rendered.trimEnd().endsWith(format.thinking.open);
    if (!forced || !format.calls) {
      return { tokens: tokensOf(rendered, contextTokens), format, begins: thinks ? "thinking" : "text", offersTools: tools.length > 0 };
    }
    const closed = thinks && format.thinking ? `${rendered}\n${format.thinking.close}\n\n` : rendered;
    return { tokens: tokensOf(`${closed}${format.calls.open}\n`, contextTokens), format, begins: "call", offersTools: true };
  }

  function tokensOf(rendered: string, contextTokens: number): Token[] {
    checkLength(rendered, contextTokens);
    return begun(guard.split(rendered).flatMap(({ text, hidden }) => model.tokenize(text, !hidden)));
  }

  /** Templates write the first token themselves or leave it to the tokenizer; it is never there twice. */
  function begun(tokens: Token[]): Token[] {
    const { bos, shouldPrependBosToken } = model.tokens;
    return bos !== null && shouldPrependBosToken && tokens[0] !== bos ? [bos, ...tokens] : tokens;
  }

  function checkLength(text: string, contextTokens: number): void {
    if (text.length <= contextTokens || firstTokens(model, text, contextTokens * 2).length < contextTokens * 2) return;
    throw new Problem("context-exceeded", `the prompt has far more tokens than the ${contextTokens} of the context window`, {
      details: { contextTokens, inputTokens: contextTokens * 2, maxTokensThatFit: 0 },
    });
  }

  function plain(text: string, contextTokens: number): Prompt {
    checkLength(text, contextTokens);
    return { tokens: begun(model.tokenize(text, true)), format: plainFormat, begins: "text", offersTools: false };
  }

  return {
    write(input, contextTokens) {
      if (input.lora !== undefined)
        throw new Problem("bad-input", "no LoRA adapters are served here; leave out lora", { details: { field: "/lora" } });
      if (input.messages) {
        if (source === undefined) throw noTemplate(name);
        return written(input, input.messages, contextTokens);
      }
      const prompt = input.prompt ?? "";
      if (input.raw || source === undefined) return plain(prompt, contextTokens);
      return written(input, [{ role: "user", content: prompt }], contextTokens);
    },
  };
}

/** A message as chat templates know them. Source: huggingface.co/docs/transformers/chat_templating, seen 2026-11. */
function messageFor(said: Message, name: string): object {
  if (typeof said.content !== "string" && said.content.some((part) => part.type === "image")) {
    throw new Problem("bad-input", `${name} takes no images here; send text`, { details: { field: "/messages" } });
  }
  return {
    role: said.role,
    content: textOf(said),
    ...(said.name !== undefined && { name: said.name }),
    ...(said.reasoning !== undefined && { reasoning_content: said.reasoning }),
    ...(said.tool_call_id !== undefined && { tool_call_id: said.tool_call_id }),
    ...(said.tool_calls && {
      tool_calls: said.tool_calls.map((call) => ({
        id: call.id,
        type: "function",
        function: { name: call.name, arguments: objectOr(call.arguments) },
      })),
    }),
  };
}

/** Templates write the arguments as JSON themselves; what is no object they take as text. */
function objectOr(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : text;
  } catch {
    return text;
  }
}

function withParameters(tool: NonNullable<TextGenerationInput["tools"]>[number]): object {
  return { ...tool, parameters: tool.parameters ?? { type: "object", properties: {} } };
}

function noTemplate(name: string): Problem {
  return new Problem("bad-input", `${name} has no chat template; send prompt instead of messages`, { details: { field: "/messages" } });
}

function noTools(name: string): Problem {
  return new Problem("bad-input", `the chat template of ${name} knows no tools; leave out tools`, { details: { field: "/tools" } });
}

function noForcedTools(name: string): Problem {
  return new Problem("bad-input", `how ${name} writes tool calls is not known here, so none can be forced; use tool_choice auto`, {
    details: { field: "/tool_choice" },
  });
}
