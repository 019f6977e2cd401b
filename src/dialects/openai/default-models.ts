import type { TaskId } from "../../core/index.ts";
import type { RouteRequest } from "../route.ts";
import { modelOf } from "./choices.ts";

type Purpose = TaskId | "moderation";

/** Names of OpenAI's own models that programs have built in and whose users mean "the model for this". */
const openaiNames: { readonly [T in Purpose]?: RegExp } = {
  "text-to-image": /^(dall-e|gpt-image)/,
  "automatic-speech-recognition": /^(whisper-1$|gpt-4o.*-transcribe)/,
  "text-to-speech": /^(tts-1|gpt-4o.*-tts)/,
  moderation: /^(text|omni)-moderation/,
};

/** The model that is asked for; where none is named, or one of OpenAI's own, the server's model of the task, or for the purpose. */
export function modelFor(request: RouteRequest<unknown>, asked: string | null | undefined, purpose: Purpose): string {
  const name = modelOf(asked ?? "");
  if (name !== "" && (request.models.find(name) || !openaiNames[purpose]?.test(name))) return name;
  return request.defaultModel(purpose);
}
