import { languageOf, Problem } from "../../core/index.ts";
import { type Ended, lastOf } from "../../gateway/index.ts";
import type { RouteRequest } from "../route.ts";
import { detectLanguage } from "./detect.ts";
import { isAuto } from "./languages.ts";
import { cutText, type MarkupKind } from "./markup.ts";

export interface TranslationAsked {
  readonly texts: readonly string[];
  readonly source: string | null | undefined;
  readonly target: string;
  /** Absent: the one in the query, or the server's own. */
  readonly model?: string | null | undefined;
  readonly markup: MarkupKind;
  /** Elements whose content stays. */
  readonly ignore?: readonly string[];
}

export interface Translated {
  /** As many as were asked, in their order. */
  readonly texts: readonly string[];
  /** The language they were in, named or found out. */
  readonly source: string;
  readonly answers: readonly Ended<"translation">[];
}

/**
 * Bytes of a request. DeepL itself takes 128 KiB; markup is cut out of the texts on the thread that answers everybody.
 * Source: developers.deepl.com/docs/resources/usage-limits, seen 2026-11.
 */
export const translationBodyLimit = 1_000_000;

/** Texts that one call of the gateway takes. */
const textsPerCall = 1000;

/** Translates the words of some texts, and leaves their markup, white space and everything without words as it is. */
export async function translateTexts(request: RouteRequest<unknown>, asked: TranslationAsked): Promise<Translated> {
  const target = languageNamed(asked.target, "/target_lang");
  const named = isAuto(asked.source) ? undefined : languageNamed(asked.source ?? "", "/source_lang");
  const cut = asked.texts.map((text) => cutText(text, asked.markup, asked.ignore));
  const runs = [...new Set(cut.flatMap((text) => text.runs))];
  const source = named ?? (await detectLanguage(runs.length > 0 ? runs : asked.texts));
  if (source === target || runs.length === 0) return { texts: asked.texts, source, answers: [] };

  const groups = Array.from({ length: Math.ceil(runs.length / textsPerCall) }, (_, i) =>
    runs.slice(i * textsPerCall, (i + 1) * textsPerCall),
  );
  const ends = await Promise.all(
    groups.map((text, index) =>
      lastOf(
        request.gateway.run({
          id: index === 0 ? request.id : `${request.id}-${index}`,
          caller: request.caller,
          task: "translation",
          model: asked.model ?? request.query.get("model") ?? request.defaultModel("translation"),
          input: { text, source_lang: source, target_lang: target },
          affinity: `${source}-${target}`,
          signal: request.signal,
        }),
      ),
    ),
  );
  const answers = ends.filter((end) => end !== undefined);
  const translated = answers.flatMap((end) => end.output.translations);
  const translationOf = new Map(runs.map((run, index) => [run, translated[index] ?? run]));
  return { texts: cut.map((text) => text.join(text.runs.map((run) => translationOf.get(run) ?? run))), source, answers };
}

function languageNamed(sent: string, field: string): string {
  const language = languageOf(sent);
  if (language !== undefined) return language;
  throw new Problem("bad-input", `'${field}' names no language that is known here; GET /v2/languages lists the codes`, {
    details: { field },
  });
}
