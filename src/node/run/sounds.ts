import { extname } from "node:path";
import * as z from "zod";
import { audioFormats, base64Of, Problem } from "../../core/index.ts";
import { dataOf } from "../server-sent-events.ts";
import { type Asked, post, postForm, print, printJson } from "./asked.ts";
import { textOf } from "./input.ts";
import { writeOutput } from "./output.ts";

const event = z.object({
  type: z.string().optional(),
  delta: z.string().optional(),
  text: z.string().optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** Prints each segment on a line of its own when it is understood. `--to en` translates. */
export async function transcribe(asked: Asked): Promise<void> {
  const { model, prompt, file, options } = asked;
  if (!file) throw new Problem("bad-input", `${model.name} wants a recording: give its path, or --file`);
  if (options.to !== undefined && !/^en(glish)?$/i.test(options.to)) {
    throw new Problem("bad-input", "recordings are written down in their own language, or with --to en in English");
  }
  const path = options.to === undefined ? "/v1/audio/transcriptions" : "/v1/audio/translations";
  const how = options.json ? { response_format: "verbose_json" } : { stream: true };
  const response = await postForm(asked, path, { model: model.name, file, language: options.from, prompt: prompt || undefined, ...how });
  if (options.json) return printJson(await response.json());
  let printed = false;
  for await (const data of dataOf(response)) {
    if (data === "[DONE]") break;
    const { type, delta, text, error } = event.parse(JSON.parse(data));
    if (error) throw new Problem("engine-failed", error.message);
    const said = type === "transcript.text.delta" ? delta : printed ? undefined : text;
    if (!said?.trim()) continue;
    print(said.trim());
    printed = true;
  }
}

const ends: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/flac": "flac",
  "audio/ogg": "opus",
  "audio/aac": "aac",
};

export async function speak(asked: Asked): Promise<void> {
  const { model, prompt, file, options } = asked;
  const wanted = extname(options.output ?? "").slice(1);
  const format = audioFormats.find((known) => known === wanted) ?? "wav";
  const body = { model: model.name, input: textOf(prompt, file), voice: options.voice, response_format: format };
  const response = await post(asked, "/v1/audio/speech", body);
  const mediaType = response.headers.get("content-type")?.split(";", 1)[0] ?? "audio/wav";
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (options.json) return printJson({ content_type: mediaType, audio: base64Of(bytes) });
  writeOutput(bytes, options.output, `speech.${ends[mediaType] ?? format}`);
}
