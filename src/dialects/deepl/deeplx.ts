import * as z from "zod";
import type { ProblemCode } from "../../core/index.ts";
import { receiptHeaders, receiptOf } from "../receipt.ts";
import { type Dialect, type Reply, route, type Route, type RouteRequest } from "../route.ts";
import { dataEvent } from "../sse.ts";
import { translationCredential } from "./credential.ts";
import { deeplCodeOf } from "./languages.ts";
import { translateTexts, translationBodyLimit } from "./translate.ts";

const code = z.string().max(40);
/** Not DeepLX's: one of ours. */
const model = z.string().max(200).nullish();

const deeplxBody = z.object({
  text: z.union([z.string().min(1), z.array(z.string()).min(1).max(5000)]),
  source_lang: code.nullish(),
  target_lang: code.min(1),
  tag_handling: z.enum(["html", "xml", ""]).nullish(),
  model,
});

/** What Immersive Translate calls a custom API. Source: immersivetranslate.com/docs/services/custom, seen 2026-11. */
const listBody = z.object({
  text_list: z.array(z.string()).min(1).max(5000),
  source_lang: code.nullish(),
  target_lang: code.min(1),
  model,
});

const body = z.union([listBody, deeplxBody]);

const reply = z.union([
  z.object({ translations: z.array(z.object({ detected_source_lang: z.string(), text: z.string() })) }),
  z.object({
    code: z.literal(200),
    id: z.int(),
    data: z.string(),
    translations: z.array(z.string()).optional(),
    alternatives: z.array(z.string()),
    source_lang: z.string(),
    target_lang: z.string(),
    method: z.string(),
  }),
]);

/**
 * DeepLX's route, and by the shape of the body Immersive Translate's custom API.
 * Source: github.com/OwO-Network/DeepLX, service and translate, seen 2026-05.
 */
function translateAt(path: string): Route {
  return route({
    method: "post",
    path,
    summary: "Translate a text, or a list of them",
    permission: "run",
    body,
    reply,
    handle: (request) => ("text_list" in request.body ? translateList(request, request.body) : translateText(request, request.body)),
  });
}

async function translateText(request: RouteRequest<unknown>, asked: z.output<typeof deeplxBody>): Promise<Reply> {
  const texts = typeof asked.text === "string" ? [asked.text] : asked.text;
  const markup = asked.tag_handling === "html" || asked.tag_handling === "xml" ? asked.tag_handling : "placeholders";
  const {
    texts: made,
    source,
    answers,
  } = await translateTexts(request, { texts, source: asked.source_lang, target: asked.target_lang, model: asked.model, markup });
  return {
    json: {
      code: 200,
      id: request.at,
      data: made.join("\n"),
      ...(typeof asked.text !== "string" && { translations: made }),
      alternatives: [],
      source_lang: deeplCodeOf(source),
      target_lang: asked.target_lang,
      method: "Free",
    },
    headers: receiptHeaders(receiptOf(answers)),
  };
}

async function translateList(request: RouteRequest<unknown>, asked: z.output<typeof listBody>): Promise<Reply> {
  const { text_list: texts, source_lang: source, target_lang: target } = asked;
  const made = await translateTexts(request, { texts, source, target, markup: "placeholders", model: asked.model });
  const detected = made.source === "zh" ? "zh-CN" : made.source;
  return {
    json: { translations: made.texts.map((text) => ({ detected_source_lang: detected, text })) },
    headers: receiptHeaders(receiptOf(made.answers)),
  };
}

const statuses: Readonly<Record<ProblemCode, number>> = {
  "bad-input": 400,
  "context-exceeded": 413,
  "json-mode-unmet": 400,
  "too-large": 413,
  unauthorized: 401,
  forbidden: 403,
  "unknown-model": 404,
  "unknown-route": 404,
  "wrong-method": 405,
  "not-found": 404,
  "task-unsupported": 400,
  "weights-missing": 503,
  "model-retired": 404,
  "plan-required": 403,
  "over-budget": 429,
  "rate-limited": 429,
  "at-capacity": 503,
  "timed-out": 504,
  "engine-failed": 503,
  "store-failed": 503,
  "bad-setting": 503,
};

export const deeplx: Dialect = {
  name: "deeplx",
  prefixes: [""],
  routes: ["/translate", "/v1/translate", "/:token/translate"].map(translateAt),
  bodyLimit: translationBodyLimit,
  credential: translationCredential,
  problem: (problem) => ({ status: statuses[problem.code], body: { code: statuses[problem.code], message: problem.message } }),
  sound: (problemCode) => String(statuses[problemCode]),
  problemEvent: (problem) => dataEvent({ code: statuses[problem.code], message: problem.message }),
};
