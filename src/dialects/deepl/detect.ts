import { languageOf } from "../../core/index.ts";

/** Scripts that one language has for itself, or nearly. Kana before Han: Japanese mixes both. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{sc=Hangul}/gu, "ko"],
  [/[\p{sc=Hiragana}\p{sc=Katakana}]/gu, "ja"],
  [/\p{sc=Han}/gu, "zh"],
  [/\p{sc=Thai}/gu, "th"],
  [/\p{sc=Greek}/gu, "el"],
  [/\p{sc=Hebrew}/gu, "he"],
  [/\p{sc=Devanagari}/gu, "hi"],
];

/** The detector has no Indonesian and calls it Malay. Words of general knowledge that tell the two apart. */
const indonesian =
  /\b(adalah|akan|anda|apa|bagaimana|bahwa|bisa|dengan|ini|itu|kamu|karena|kami|ketika|mereka|saya|sedang|sudah|tetapi|tidak|untuk|yang|uang|mobil|kantor)\b/giu;
const malay =
  /\b(awak|beliau|boleh|duit|ialah|kerana|kereta|khabar|manakala|mahu|pejabat|sahaja|semasa|stesen|tatkala|telah|tersebut|cakap|encik|puan|bilik|percuma)\b/giu;

/** Below this many letters a guess from Latin words is noise. */
const fewLetters = 12;

type Detector = (text: string) => string | undefined;
let detector: Promise<Detector> | undefined;

/** Loaded with the first text that needs it: about 90 MB of memory. */
function loadDetector(): Promise<Detector> {
  detector ??= import("eld/extrasmall").then(({ eld }) => (text) => {
    const found = eld.detect(text);
    return found.isReliable() && found.language !== "" ? found.language : undefined;
  });
  return detector;
}

/**
 * The language of a request's texts together: one word says little, a page of them much.
 *
 * @param fallback what is said when nothing can be said
 */
export async function detectLanguage(texts: readonly string[], fallback = "en"): Promise<string> {
  const text = texts.join("\n").slice(0, 5000);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  for (const [script, language] of scripts) {
    const count = text.match(script)?.length ?? 0;
    if (count > 0 && count * (language === "ja" ? 8 : 2) >= letters) return language;
  }
  if (letters < fewLetters) return fallback;
  const found = (await loadDetector())(text);
  if (found === undefined) return fallback;
  if (found === "ms" || found === "id") return (text.match(malay)?.length ?? 0) > (text.match(indonesian)?.length ?? 0) ? "ms" : "id";
  return languageOf(found) ?? fallback;
}
