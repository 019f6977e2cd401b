import * as z from "zod";
import { generationFields, piecesOf, Problem, readGeneration, sumOf, textCompletionOf, type Usage } from "../../core/index.ts";
import { lastOf } from "../../gateway/index.ts";
import { receiptHeaders, receiptOf, servedHeaders } from "../receipt.ts";
import { route } from "../route.ts";
import { dataEvent, doneEvent } from "../sse.ts";
import { choicesOf } from "./choices.ts";

/** Texts that one request may have continued. */
const mostPrompts = 16;

const body = z.object({
  model: z.string().min(1),
  prompt: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(mostPrompts), z.array(z.unknown()).min(1)]),
  ...generationFields,
  n: z.int().min(1).max(16).nullish(),
  echo: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
});

/** Source: platform.openai.com/docs/api-reference/completions/create. */
const defaultMaxTokens = 16;

/** The legacy route: continues a text as it is, without a chat template. Source: platform.openai.com/docs/api-reference/completions. */
export const completions = route({
  method: "post",
  path: "/v1/completions",
  summary: "Continue a text",
  permission: "run",
  body,
  reply: z.object({ id: z.string(), object: z.literal("text_completion"), choices: z.array(z.unknown()), usage: z.unknown() }),
  also: ["text/event-stream"],
  async handle(request) {
    const { prompt, n, stream, echo, model, stream_options: options } = request.body;
    const prompts = typeof prompt === "string" ? [prompt] : textsOfPrompts(prompt);
    const input = { max_tokens: defaultMaxTokens, ...defined(readGeneration(request.body)), raw: true };
    const asks = prompts.flatMap((text, index) =>
      choicesOf(request, n ?? 1, { ...input, prompt: text }, index === 0 ? request.id : `${request.id}-p${index}`),
    );
    const context = { callId: request.id, model, at: request.at };
    const prefixOf = (ask: (typeof asks)[number]) => (echo ? (ask.input.prompt ?? "") : "");

    async function* eventsOf(): AsyncGenerator<string> {
      let usage: Usage = {};
      for (const [index, ask] of asks.entries()) {
        for await (const answer of request.gateway.run(ask)) {
          if (answer.type === "begin") Object.assign(request.replyHeaders, servedHeaders(answer));
          const said = answer.type === "begin" ? prefixOf(ask) : answer.type === "delta" ? answer.delta.text : undefined;
          for (const { text } of said ? piecesOf({ text: said }) : []) {
            yield dataEvent(textCompletionOf([{ text: text ?? "", index, finish_reason: null }], context));
          }
          if (answer.type !== "end") continue;
          yield dataEvent(textCompletionOf([{ text: "", index, finish_reason: answer.output.finish_reason }], context));
          usage = sumOf(usage, answer.usage);
        }
      }
      if (options?.include_usage) yield dataEvent(textCompletionOf([], context, usage));
      yield doneEvent;
    }
    if (stream) return { events: eventsOf(), idle: ": idle\n\n" };

    await request.gateway.checkTogether(asks); // a stream runs them one after the other
    const ends = (await Promise.all(asks.map((ask) => lastOf(request.gateway.run(ask))))).map((end, index) => ({
      end,
      index,
      ask: asks[index],
    }));
    const answered = ends.flatMap(({ end, index, ask }) => (end && ask ? [{ end, index, ask }] : []));
    const choices = answered.map(({ end, index, ask }) => ({
      text: prefixOf(ask) + end.output.text,
      index,
      finish_reason: end.output.finish_reason,
    }));
    const usage = answered.map(({ end }) => end.usage).reduce(sumOf, {});
    return { json: textCompletionOf(choices, context, usage), headers: receiptHeaders(receiptOf(answered.map(({ end }) => end))) };
  },
});

function textsOfPrompts(prompts: readonly unknown[]): string[] {
  if (prompts.length > mostPrompts && typeof prompts[0] === "string") {
    throw new Problem("bad-input", `'/prompt' must be at most ${mostPrompts} texts`, { details: { field: "/prompt" } });
  }
  return prompts.map(textOfPrompt);
}

function textOfPrompt(prompt: unknown): string {
  if (typeof prompt === "string" && prompt !== "") return prompt;
  throw new Problem("bad-input", "token ids are not taken as a prompt, for they belong to one tokenizer; send the text", {
    details: { field: "/prompt" },
  });
}

function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T; // the same keys, fewer
}
