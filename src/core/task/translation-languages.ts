/**
 * The languages of m2m100, by code, with their English names; the 33 that most people mean come first.
 * Source: the model's list of languages, huggingface.co/facebook/m2m100_1.2B, seen 2026-11.
 */
const main: Readonly<Record<string, string>> = {
  en: "English",
  zh: "Chinese",
  fr: "French",
  de: "German",
  es: "Spanish",
  it: "Italian",
  ja: "Japanese",
  ko: "Korean",
  pt: "Portuguese",
  ru: "Russian",
  nl: "Dutch",
  sv: "Swedish",
  no: "Norwegian",
  da: "Danish",
  fi: "Finnish",
  pl: "Polish",
  tr: "Turkish",
  ar: "Arabic",
  he: "Hebrew",
  id: "Indonesian",
  th: "Thai",
  vi: "Vietnamese",
  hi: "Hindi",
  ms: "Malay",
  el: "Greek",
  cs: "Czech",
  sk: "Slovak",
  ro: "Romanian",
  hu: "Hungarian",
  bg: "Bulgarian",
  hr: "Croatian",
  sr: "Serbian",
  uk: "Ukrainian",
};

const others =
  "af am ast az ba be bn br bs ca ceb cy es et fa ff fy ga gd gl gu ha ht hy ig ilo is jv ka kk km kn lb lg ln lo lt lv mg mk ml mn mr my ne ns oc or pa ps sd si sl so sq ss su sw ta tl tn ur uz wo xh yi yo zu";

/** Codes of all of them. */
export const translationLanguages: readonly string[] = [...new Set([...Object.keys(main), ...others.split(" ")])];
export const mainTranslationLanguages: readonly string[] = Object.keys(main);
const known: ReadonlySet<string> = new Set(translationLanguages);

/** What people and programs write for a language, in lower case. */
const aliases: Readonly<Record<string, string>> = {
  cmn: "zh",
  yue: "zh",
  nb: "no",
  nn: "no",
  iw: "he",
  in: "id",
  fil: "tl",
  jw: "jv",
  sh: "sr",
  prs: "fa",
};

let englishNames: Intl.DisplayNames | undefined;

export function languageName(language: string): string {
  englishNames ??= new Intl.DisplayNames(["en"], { type: "language" });
  return main[language] ?? englishNames.of(language === "ns" ? "nso" : language) ?? language;
}

let codesByName: ReadonlyMap<string, string> | undefined;

function codeNamed(name: string): string | undefined {
  codesByName ??= new Map(translationLanguages.map((language) => [languageName(language).toLowerCase(), language]));
  return codesByName.get(name);
}

/** The code of a language as it was sent: `ZH-HANS` is zh, `pt_BR` is pt, `spanish` is es. undefined: none that is known here. */
export function languageOf(sent: string): string | undefined {
  const code = sent.trim().replaceAll("_", "-").toLowerCase();
  const stem = code.split("-", 1)[0] ?? code;
  return [aliases[code], code, codeNamed(code), aliases[stem], stem].find((candidate) => candidate !== undefined && known.has(candidate));
}
