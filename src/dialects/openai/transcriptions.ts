import * as z from "zod";
import { type Media, Problem, type SpeechInput, type SpeechOutput, type SpokenSegment, subtitlesOf } from "../../core/index.ts";
import { type Answer, type Ask, findModel, lastOf } from "../../gateway/index.ts";
import { fieldsOf, filesOf, missing } from "../form.ts";
import { receiptHeaders } from "../receipt.ts";
import { type Reply, route, type Route, type RouteRequest } from "../route.ts";
import { dataEvent } from "../sse.ts";
import { modelFor } from "./default-models.ts";

const formats = ["json", "text", "srt", "vtt", "verbose_json"] as const;

const fields = z.object({
  model: z.string().nullish(),
  response_format: z.enum(formats).nullish(),
  language: z.string().max(40).nullish(),
  prompt: z.string().nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  stream: z.boolean().nullish(),
});

const segment = z.object({ id: z.int(), start: z.number(), end: z.number(), text: z.string() });
const reply = z.object({
  text: z.string(),
  language: z.string().optional(),
  duration: z.number().optional(),
  segments: z.array(segment).optional(),
  words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })).optional(),
});

/** Source: platform.openai.com/docs/api-reference/audio/createTranscription and createTranslation, seen 2026-11. */
function speechRoute(path: string, summary: string, task: NonNullable<SpeechInput["task"]>): Route {
  return route({
    method: "post",
    path,
    summary,
    permission: "run",
    reply,
    also: ["text/plain", "text/vtt", "text/event-stream"],
    async handle(request) {
      const form = await request.raw.form();
      const asked = fields.parse(fieldsOf(form));
      const [file] = await filesOf(form, ["file"]);
      if (!file) throw missing("file");
      const granularities = [...form.getAll("timestamp_granularities[]"), ...form.getAll("timestamp_granularities")];
      const ask = askFor(request, asked, file, task);
      if (asked.stream) return { events: eventsOf(request, ask), idle: ": idle\n\n" };
      const end = await lastOf(answersTo(request, ask));
      if (!end) return { json: { text: "" } }; // the client has gone
      return {
        ...written(end.output, asked.response_format ?? "json", task, granularities.includes("word")),
        headers: receiptHeaders(end),
      };
    },
  });
}

export const transcriptions = speechRoute(
  "/v1/audio/transcriptions",
  "Write down what is said in a recording (multipart: file)",
  "transcribe",
);
export const translations = speechRoute(
  "/v1/audio/translations",
  "Write down in English what is said in a recording (multipart: file)",
  "translate",
);

type SpeechAsk = Ask<"automatic-speech-recognition">;

function askFor(request: RouteRequest<unknown>, asked: z.output<typeof fields>, audio: Media, task: SpeechInput["task"]): SpeechAsk {
  return {
    id: request.id,
    caller: request.caller,
    task: "automatic-speech-recognition",
    model: findModel(request.models, modelFor(request, asked.model, "automatic-speech-recognition"), "automatic-speech-recognition").name,
    input: {
      audio,
      task,
      language: asked.language ? languageCode(asked.language) : undefined,
      initial_prompt: asked.prompt ?? undefined,
      temperature: asked.temperature ?? undefined,
    },
    signal: request.signal,
  };
}

/** Clients send `pt`, `pt-BR` or `PT`. */
function languageCode(sent: string): string {
  const code = sent.trim().toLowerCase().split(/[-_]/, 1)[0] ?? "";
  if (/^[a-z]{2,8}$/.test(code)) return code;
  throw new Problem("bad-input", "'/language' must be a code of ISO 639-1, such as en", { details: { field: "/language" } });
}

/** What the task calls `audio` is called `file` here. */
async function* answersTo(request: RouteRequest<unknown>, ask: SpeechAsk): AsyncGenerator<Answer<"automatic-speech-recognition">> {
  try {
    yield* request.gateway.run(ask);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || Problem.detailsOf(thrown, "bad-input")?.field !== "/audio") throw thrown;
    throw new Problem("bad-input", thrown.message.replace("'/audio'", "'/file'"), { details: { field: "/file" }, cause: thrown.cause });
  }
}

async function* eventsOf(request: RouteRequest<unknown>, ask: SpeechAsk): AsyncGenerator<string> {
  for await (const answer of answersTo(request, ask)) {
    if (answer.type === "delta") yield dataEvent({ type: "transcript.text.delta", delta: answer.delta.segment.text });
    if (answer.type === "end") yield dataEvent({ type: "transcript.text.done", text: answer.output.text });
  }
}

const utf8 = new TextEncoder();

/** Formats that are no JSON must not be called so: clients would parse them. */
function written(output: SpeechOutput, format: (typeof formats)[number], task: SpeechInput["task"], withWords: boolean): Reply {
  const { text, language, duration, segments } = output;
  switch (format) {
    case "text":
      return { bytes: utf8.encode(`${text}\n`), mediaType: "text/plain; charset=utf-8" };
    case "srt":
      return { bytes: utf8.encode(subtitlesOf(segments, "srt")), mediaType: "text/plain; charset=utf-8" };
    case "vtt":
      return { bytes: utf8.encode(subtitlesOf(segments, "vtt")), mediaType: "text/vtt; charset=utf-8" };
    case "verbose_json":
      return {
        json: {
          task,
          language: language === undefined ? "english" : languageName(language),
          duration,
          text,
          segments: segments.map(verboseSegment),
          ...(withWords && { words: segments.flatMap(({ words }) => words) }),
        },
      };
    case "json":
      return { json: { text } };
  }
}

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** OpenAI says `english` where everybody else says `en`. */
function languageName(code: string): string {
  return (names.of(code) ?? code).toLowerCase();
}

/** What a model does not say about a segment is said as what is true of every segment. */
function verboseSegment({ start, end, text }: SpokenSegment, id: number) {
  return { id, seek: 0, start, end, text, tokens: [], temperature: 0, avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };
}
