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

export const languages: readonly string[] = [...new Set([...Object.keys(main), ...others.split(" ")])];
export const mainLanguages: readonly string[] = Object.keys(main);
const known: ReadonlySet<string> = new Set(languages);

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
  ...Object.fromEntries(Object.entries(main).map(([code, name]) => [name.toLowerCase(), code])),
};

/** The code that the models know for a sent one: `ZH-HANS` is zh, `pt_BR` is pt, `spanish` is es. undefined: no language of theirs. */
export function languageOf(sent: string): string | undefined {
  const code = sent.trim().replaceAll("_", "-").toLowerCase();
  const stem = code.split("-", 1)[0] ?? code;
  return [aliases[code], code, aliases[stem], stem].find((candidate) => candidate !== undefined && known.has(candidate));
}

/** Whether a source is to be found out. */
export function isAuto(sent: string | null | undefined): boolean {
  return sent === undefined || sent === null || ["", "auto"].includes(sent.trim().toLowerCase());
}

/** As DeepL writes it: upper case, and NB for Norwegian. */
export function deeplCodeOf(language: string): string {
  return language === "no" ? "NB" : language.toUpperCase();
}

const names = new Intl.DisplayNames(["en"], { type: "language" });

export function nameOf(language: string): string {
  return main[language] ?? names.of(language === "ns" ? "nso" : language) ?? language;
}
