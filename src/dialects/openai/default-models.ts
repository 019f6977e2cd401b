import type { TaskId } from "../../core/index.ts";
import type { RouteRequest } from "../route.ts";
import { modelOf } from "./choices.ts";

/** Names of OpenAI's own models that programs have built in and whose users mean "the model for this". */
const openaiNames: { readonly [T in TaskId]?: RegExp } = {
  "text-to-image": /^(dall-e|gpt-image)/,
  "automatic-speech-recognition": /^(whisper-1$|gpt-4o.*-transcribe)/,
  "text-to-speech": /^(tts-1|gpt-4o.*-tts)/,
  "text-classification": /^(text|omni)-moderation/,
};

/** The model that is asked for; where none is named, or one of OpenAI's own, the server's model of the task. */
export function modelFor(request: RouteRequest<unknown>, asked: string | null | undefined, task: TaskId): string {
  const name = modelOf(asked ?? "");
  if (name !== "" && (request.models.find(name) || !openaiNames[task]?.test(name))) return name;
  return request.defaultModel(task);
}
