import { describe, expect, it } from "vitest";
import { languageName, languageOf, mainTranslationLanguages, translationLanguages } from "./translation-languages.ts";

describe("a language", () => {
  it.each([
    ["EN-US", "en"],
    ["zh-Hans", "zh"],
    ["ZH_TW", "zh"],
    ["pt-br", "pt"],
    ["NB", "no"],
    ["iw", "he"],
    ["FIL", "tl"],
    ["sr-Latn", "sr"],
    ["spanish", "es"],
    ["Portuguese", "pt"],
    ["afrikaans", "af"],
    ["Northern Sotho", "ns"],
    ["ast", "ast"],
    ["tlh", undefined],
    ["", undefined],
    ["english please", undefined],
  ])("%j is %s", (sent, language) => {
    expect(languageOf(sent)).toBe(language);
  });

  it.each(translationLanguages)("%s is found by its code and by its English name", (language) => {
    expect(languageOf(language)).toBe(language);
    expect(languageOf(languageName(language))).toBe(language);
    expect(languageName(language)).toMatch(/^[A-Z]/);
  });
});

it("knows the 100 languages of m2m100, 33 of them first", () => {
  expect(translationLanguages).toHaveLength(100);
  expect(translationLanguages.slice(0, 33)).toEqual(mainTranslationLanguages);
});
