import * as z from "zod";
import { chatChunks, chatCompletionOf, piecesOf, readChat, sumOf, type TextGenerationOutput, type Usage } from "../../core/index.ts";
import { lastOf } from "../../gateway/index.ts";
import { receiptHeaders, receiptOf, servedHeaders } from "../receipt.ts";
import { route, type RouteRequest } from "../route.ts";
import { dataEvent, doneEvent } from "../sse.ts";
import { type ChatBody, chatBody } from "./chat-body.ts";
import { choicesOf, modelOf } from "./choices.ts";
import { answerWithPictures } from "./picture-answer.ts";

type Request = RouteRequest<ChatBody>;

/** Source: platform.openai.com/docs/api-reference/chat/create, seen 2026-11. */
export const chatCompletions = route({
  method: "post",
  path: "/v1/chat/completions",
  summary: "Answer a conversation",
  permission: "run",
  body: chatBody,
  reply: z.object({ id: z.string(), object: z.literal("chat.completion"), choices: z.array(z.unknown()), usage: z.unknown() }),
  also: ["text/event-stream"],
  async handle(request) {
    const card = request.models.find(modelOf(request.body.model));
    if (card?.task === "text-to-image") return answerWithPictures(request, card.name);
    const input = readChat(request.body);
    const asks = choicesOf(request, request.body.n ?? 1, input);
    const context = { callId: request.id, model: request.body.model, at: request.at };
    if (request.body.stream) return { events: eventsOf(asks, context, request), idle: ": idle\n\n" };

    await request.gateway.checkTogether(asks); // a stream runs them one after the other
    const ends = await Promise.all(asks.map((ask) => lastOf(request.gateway.run(ask))));
    const answered = ends.filter((end) => end !== undefined);
    const usage = answered.map((end) => end.usage).reduce(sumOf, {});
    const outputs = answered.map((end) => end.output);
    return { json: chatCompletionOf(outputs, usage, context), headers: receiptHeaders(receiptOf(answered)) };
  },
});

type Asks = ReturnType<typeof choicesOf>;
type ChunkContext = Parameters<typeof chatChunks.begin>[0];

async function* eventsOf(asks: Asks, context: ChunkContext, request: Request): AsyncGenerator<string> {
  let usage: Usage = {};
  for (const [index, ask] of asks.entries()) {
    let begun = false;
    for await (const answer of request.gateway.run(ask)) {
      if (answer.type === "begin") {
        Object.assign(request.replyHeaders, servedHeaders(answer));
        if (!begun) yield dataEvent(chatChunks.begin(context, index));
        begun = true;
      } else if (answer.type === "delta") {
        for (const piece of piecesOf(answer.delta)) yield dataEvent(chatChunks.delta(piece, context, index));
      } else {
        yield dataEvent(chatChunks.end(answer.output satisfies TextGenerationOutput, context, index));
        usage = sumOf(usage, answer.usage);
      }
    }
  }
  if (request.body.stream_options?.include_usage) yield dataEvent(chatChunks.usage(usage, context));
  yield doneEvent;
}
