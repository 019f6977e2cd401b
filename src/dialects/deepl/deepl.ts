import * as z from "zod";
import {
  dayOf,
  languageName,
  mainTranslationLanguages,
  plans,
  parseSent,
  Problem,
  type ProblemCode,
  translationLanguages,
} from "../../core/index.ts";
import type { Body } from "../body.ts";
import { receiptHeaders, receiptOf } from "../receipt.ts";
import { type Dialect, route } from "../route.ts";
import { dataEvent } from "../sse.ts";
import { translationCredential } from "./credential.ts";
import { deeplCodeOf } from "./languages.ts";
import { translateTexts, translationBodyLimit } from "./translate.ts";

const listed = z.union([z.string(), z.array(z.string())]);

const translateBody = z.object({
  text: z.union([z.string().min(1), z.array(z.string()).min(1).max(5000)]),
  source_lang: z.string().max(40).nullish(),
  target_lang: z.string().min(1).max(40),
  /** Not DeepL's: one of ours. */
  model: z.string().max(200).nullish(),
  tag_handling: z.enum(["html", "xml", ""]).nullish(),
  ignore_tags: listed.nullish(),
  show_billed_characters: z.union([z.boolean(), z.enum(["0", "1", "true", "false"])]).nullish(),
});

/** DeepL's clients send a form in which `text` may come many times; others send JSON. Options that a model cannot heed are ignored, as DeepL's own clients send them unasked. */
async function readTranslateBody(raw: Body): Promise<z.output<typeof translateBody>> {
  if (raw.looksLikeJson) return parseSent(translateBody, await raw.json());
  const form = new URLSearchParams(new TextDecoder().decode(raw.bytes));
  const text = [...form.getAll("text"), ...form.getAll("text[]")];
  return parseSent(translateBody, { ...Object.fromEntries(form), text: text.length > 0 ? text : undefined });
}

/** Source: developers.deepl.com/api-reference/translate, OpenAPI 3.11.0, seen 2026-06. */
const translate = route({
  method: "post",
  path: "/v2/translate",
  summary: "Translate texts, in DeepL's form",
  permission: "run",
  reply: z.object({ translations: z.array(z.object({ detected_source_language: z.string(), text: z.string() })) }),
  async handle(request) {
    const asked = await readTranslateBody(request.raw);
    const texts = typeof asked.text === "string" ? [asked.text] : asked.text;
    const ignore = (typeof asked.ignore_tags === "string" ? asked.ignore_tags.split(",") : (asked.ignore_tags ?? [])).map((name) =>
      name.trim(),
    );
    const markup = asked.tag_handling === "html" || asked.tag_handling === "xml" ? asked.tag_handling : "placeholders";
    const made = await translateTexts(request, {
      texts,
      source: asked.source_lang,
      target: asked.target_lang,
      model: asked.model,
      markup,
      ignore,
    });
    const billed = [true, "1", "true"].includes(asked.show_billed_characters ?? false);
    return {
      json: {
        translations: made.texts.map((text, index) => ({
          detected_source_language: deeplCodeOf(made.source),
          text,
          // counted as DeepL counts: code points of the source
          ...(billed && { billed_characters: Array.from(texts[index] ?? "").length }),
        })),
      },
      headers: receiptHeaders(receiptOf(made.answers)),
    };
  },
});

const languageEntry = z.object({ language: z.string(), name: z.string(), supports_formality: z.boolean().optional() });

const listLanguages = route({
  method: "get",
  path: "/v2/languages",
  summary: "List the languages that can be translated",
  permission: "run",
  query: z.object({ type: z.enum(["source", "target"]).optional() }),
  reply: z.array(languageEntry),
  async handle({ query }) {
    const target = query.get("type") === "target";
    if (!target && !["source", null].includes(query.get("type"))) {
      throw new Problem("bad-input", "'/type' must be source or target", { details: { field: "/type" } });
    }
    const all = [...mainTranslationLanguages, ...translationLanguages.filter((language) => !mainTranslationLanguages.includes(language))];
    return {
      json: all.map((language) => ({
        language: deeplCodeOf(language),
        name: languageName(language),
        ...(target && { supports_formality: false }),
      })),
    };
  },
});

/** What DeepL reports where there is no limit. */
const noLimit = 1_000_000_000_000;

/** Characters are what DeepL bills; here the numbers are today's neurons, which is what the account is limited by. */
const usage = route({
  method: "get",
  path: "/v2/usage",
  summary: "Neurons of today and their limit, in the fields of DeepL's usage",
  permission: "run",
  reply: z.object({ character_count: z.int(), character_limit: z.int() }),
  async handle({ ledger, caller, at }) {
    const { booked } = await ledger.budget(caller.account.id, dayOf(at));
    return {
      json: { character_count: Math.ceil(booked / 1_000_000), character_limit: plans[caller.account.plan].neuronsPerDay ?? noLimit },
    };
  },
});

/** 403 for a bad key and 456 for a spent one stop the retries of DeepL's own clients. Source: developers.deepl.com, error handling. */
const statuses: Readonly<Record<ProblemCode, number>> = {
  "bad-input": 400,
  "context-exceeded": 413,
  "json-mode-unmet": 400,
  "too-large": 413,
  unauthorized: 403,
  forbidden: 403,
  "unknown-model": 404,
  "unknown-route": 404,
  "wrong-method": 405,
  "not-found": 404,
  "task-unsupported": 400,
  "weights-missing": 400,
  "model-retired": 404,
  "plan-required": 403,
  "over-budget": 456,
  "rate-limited": 429,
  "at-capacity": 503,
  "timed-out": 504,
  "engine-failed": 503,
  "store-failed": 503,
  "bad-setting": 503,
};

export const deepl: Dialect = {
  name: "deepl",
  prefixes: [""],
  routes: [translate, listLanguages, usage],
  bodyLimit: translationBodyLimit,
  credential: translationCredential,
  problem: (problem) => ({ status: statuses[problem.code], body: { message: problem.message } }),
  sound: (problemCode) => String(statuses[problemCode]),
  problemEvent: (problem) => dataEvent({ message: problem.message }),
};
