import { styleText } from "node:util";
import * as z from "zod";
import { base64Of, Problem } from "../../core/index.ts";
import { dataOf } from "../server-sent-events.ts";
import { type Asked, post, printJson } from "./asked.ts";
import { textOf } from "./input.ts";

/** Streams an answer. A picture is shown to the model, a text is read to it after the prompt. */
export async function chat(asked: Asked): Promise<void> {
  const { model, options } = asked;
  const { system, maxTokens: max_tokens, temperature, seed, json } = options;
  const messages = [...(system === undefined ? [] : [{ role: "system", content: system }]), { role: "user", content: contentOf(asked) }];
  const body = { model: model.name, messages, max_tokens, temperature, seed, stream: !json };
  const response = await post(asked, "/v1/chat/completions", body);
  if (json) return printJson(await response.json());
  for await (const data of dataOf(response)) {
    if (data === "[DONE]") break;
    const event = chunk.parse(JSON.parse(data));
    if (event.error) throw new Problem("engine-failed", event.error.message);
    const delta = event.choices?.[0]?.delta;
    if (delta?.reasoning_content && process.stderr.isTTY) process.stderr.write(styleText("dim", delta.reasoning_content));
    if (delta?.content) process.stdout.write(delta.content);
  }
  process.stdout.write("\n");
}

function contentOf({ prompt, file }: Asked): string | object[] {
  if (!file?.mediaType.startsWith("image/")) return textOf(prompt, file);
  const url = `data:${file.mediaType};base64,${base64Of(file.bytes)}`;
  return [
    { type: "text", text: prompt },
    { type: "image_url", image_url: { url } },
  ];
}

/** As much of a chunk as is printed. */
const chunk = z.object({
  error: z.object({ message: z.string() }).optional(),
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish(), reasoning_content: z.string().nullish() }).optional() }))
    .optional(),
});
