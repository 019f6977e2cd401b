import { languageName, languageOf, Problem } from "../../../core/index.ts";
import type { TextTokens } from "./text-tokens.ts";

/** What a model reads and writes, by the codes of `translationLanguages`. */
export type Languages =
  | {
      /** Told by a token before the text which language it is in, and by the first token that it writes which to write. */
      readonly told: ReadonlyMap<string, number>;
    }
  | { readonly source: string; readonly target: string };

export interface LanguagePair {
  readonly source: string;
  readonly target: string;
}

/** What a model's files say of the one pair that it translates, in whatever spelling. */
export interface SaidPair {
  readonly source: string | undefined;
  readonly target: string | undefined;
}

/** The tokens of m2m100 (`__pt__`), mBART-50 (`pt_XX`) and NLLB (`por_Latn`). */
const languageToken = /^(?:__([a-z]{2,3})__|([a-z]{2}_[A-Z]{2})|([a-z]{3}_[A-Z][a-z]{3}))$/;

/** Undefined for a model that does not say what it translates. */
export function languagesOf({ specials }: TextTokens, said: SaidPair): Languages | undefined {
  const told = new Map<string, number>();
  for (const [token, id] of specials) {
    const language = codeOf(languageToken.exec(token)?.slice(1).find(Boolean));
    if (language !== undefined && !told.has(language)) told.set(language, id);
  }
  if (told.size > 0) return { told };
  const source = codeOf(said.source);
  const target = codeOf(said.target);
  return source !== undefined && target !== undefined ? { source, target } : undefined;
}

/** `por_Latn` and `por` are pt, as ISO 639 has it. */
function codeOf(tag: string | undefined): string | undefined {
  if (tag === undefined) return undefined;
  return languageOf(tag) ?? languageOf(canonical(tag.replaceAll("_", "-")) ?? "");
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/**
 * The languages of a call, as codes.
 *
 * @throws Problem bad-input, which names the field and what the model has
 */
export function pairOf(
  languages: Languages,
  model: string,
  asked: { readonly source_lang?: string | undefined; readonly target_lang: string },
): LanguagePair {
  const [sources, targets] =
    "told" in languages ? [[...languages.told.keys()], [...languages.told.keys()]] : [[languages.source], [languages.target]];
  const usual = "told" in languages ? "en" : languages.source; // what Workers AI takes a text for when nobody says
  return {
    source: chosen(asked.source_lang ?? usual, "/source_lang", sources, model),
    target: chosen(asked.target_lang, "/target_lang", targets, model),
  };
}

function chosen(sent: string, field: string, known: readonly string[], model: string): string {
  const language = languageOf(sent);
  if (language !== undefined && known.includes(language)) return language;
  const names = known.slice(0, 12).map((code) => `${languageName(code)} (${code})`);
  const has = `${model} has ${names.join(", ")}${known.length > names.length ? ` and ${known.length - names.length} more` : ""}`;
  throw new Problem(
    "bad-input",
    language === undefined ? `'${field}' names no language that is known here; ${has}` : `'${field}' is ${languageName(language)}; ${has}`,
    { details: { field } },
  );
}
