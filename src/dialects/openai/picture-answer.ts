import * as z from "zod";
import { chatChunks, type Message, parseSent, Problem, readChat, textOf } from "../../core/index.ts";
import { receiptHeaders, receiptOf } from "../receipt.ts";
import type { Reply, RouteRequest } from "../route.ts";
import { dataEvent, doneEvent } from "../sse.ts";
import type { ChatBody } from "./chat-body.ts";
import { addressOf, makePictures, pictureFields, readPicture } from "./pictures.ts";

const extras = z.object(pictureFields);

/**
 * A picture model in a conversation: the last thing that the user said is drawn, and answered as Markdown that points to it, which is
 * what chat programs show. An address and no data: gateways cut a stream at a line of 64 KiB.
 */
export async function answerWithPictures(request: RouteRequest<ChatBody>, model: string): Promise<Reply> {
  const { messages = [] } = readChat(request.body);
  const said = messages.findLast(({ role }) => role === "user");
  const prompt = said ? textOf(said).trim() : "";
  if (prompt === "")
    throw new Problem("bad-input", "the last message of the user has no text to draw", { details: { field: "/messages" } });
  const input = { prompt, ...readPicture(parseSent(extras, await request.raw.json())), image: pictureIn(said) };
  const context = { callId: request.id, model: request.body.model, at: request.at };

  async function draw() {
    const ends = await makePictures(request, model, input, request.body.n ?? 1);
    const addresses = await Promise.all(ends.map(({ output }) => addressOf(request, output.image)));
    return { ends, addresses };
  }
  const markdownOf = (address: string) => `![${altOf(prompt)}](${address})`;
  const imagesOf = (address: string) => ({ images: [{ type: "image_url", image_url: { url: address } }] });

  async function* events(): AsyncGenerator<string> {
    const { addresses } = await draw();
    for (const [index, address] of addresses.entries()) {
      yield dataEvent(chatChunks.begin(context, index));
      const chunk = chatChunks.delta({ text: markdownOf(address) }, context, index);
      yield dataEvent({
        ...chunk,
        choices: chunk.choices.map((choice) => ({ ...choice, delta: { ...choice.delta, ...imagesOf(address) } })),
      });
      yield dataEvent(chatChunks.end({ text: "", tool_calls: [], finish_reason: "stop" }, context, index));
    }
    if (request.body.stream_options?.include_usage) yield dataEvent(chatChunks.usage({}, context));
    yield doneEvent;
  }
  if (request.body.stream) return { events: events(), idle: ": idle\n\n" };

  const { ends, addresses } = await draw();
  return {
    json: {
      id: `chatcmpl-${request.id}`,
      object: "chat.completion",
      created: Math.floor(request.at / 1000),
      model: request.body.model,
      choices: addresses.map((address, index) => ({
        index,
        message: { role: "assistant", content: markdownOf(address), refusal: null, ...imagesOf(address) },
        logprobs: null,
        finish_reason: "stop",
      })),
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    },
    headers: receiptHeaders(receiptOf(ends)),
  };
}

/** A text for those who do not see the picture, without what would end the Markdown. */
function altOf(prompt: string): string {
  return prompt
    .replace(/[[\]()\\!<>`]/g, "")
    .replace(/\s+/g, " ")
    .slice(0, 100);
}

function pictureIn(said: Message | undefined) {
  const part = typeof said?.content === "string" ? undefined : said?.content.find(({ type }) => type === "image");
  return part?.type === "image" ? part.image : undefined;
}
