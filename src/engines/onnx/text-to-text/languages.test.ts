import { describe, expect, it } from "vitest";
import { languagesOf, pairOf, type Languages } from "./languages.ts";
import type { TextTokens } from "./text-tokens.ts";

const nobody = { source: undefined, target: undefined };
const tokensWith = (...specials: string[]): TextTokens => ({
  specials: new Map(specials.map((token, id) => [token, id])),
  encode: () => [],
  framed: (ids) => ids,
  decode: () => "",
});

describe("the languages of a model", () => {
  it.each([
    ["m2m100", ["<s>", "__en__", "__pt__", "__ast__"], { en: 1, pt: 2, ast: 3 }],
    ["mBART-50", ["en_XX", "pt_XX", "zh_CN", "<mask>"], { en: 0, pt: 1, zh: 2 }],
    ["NLLB", ["eng_Latn", "por_Latn", "zho_Hans", "zho_Hant", "arb_Arab"], { en: 0, pt: 1, zh: 2, ar: 4 }],
  ])("are read from the tokens of %s", (_, specials, ids) => {
    expect(languagesOf(tokensWith(...specials), nobody)).toEqual({ told: new Map(Object.entries(ids)) });
  });

  it("are read from what a Marian model says of itself", () => {
    expect(languagesOf(tokensWith("</s>"), { source: "eng", target: "es" })).toEqual({ source: "en", target: "es" });
  });

  it("are unknown where nothing says them", () => {
    expect(languagesOf(tokensWith("</s>", "<pad>"), nobody)).toBeUndefined();
    expect(languagesOf(tokensWith("</s>"), { source: "en", target: "!?" })).toBeUndefined();
  });
});

describe("the languages of a call", () => {
  const many: Languages = {
    told: new Map([
      ["en", 1],
      ["pt", 2],
      ["es", 3],
    ]),
  };
  const one: Languages = { source: "de", target: "en" };

  it("are codes, whatever was sent", () => {
    expect(pairOf(many, "m", { source_lang: "Portuguese", target_lang: "es-419" })).toEqual({ source: "pt", target: "es" });
  });

  it("are English, or the only one there is, where none is named as the source", () => {
    expect(pairOf(many, "m", { target_lang: "pt" })).toEqual({ source: "en", target: "pt" });
    expect(pairOf(one, "m", { target_lang: "en" })).toEqual({ source: "de", target: "en" });
  });

  it.each([
    [many, { target_lang: "tlh" }, "/target_lang", "names no language"],
    [many, { target_lang: "ja" }, "/target_lang", "is Japanese; m has English (en), Portuguese (pt), Spanish (es)"],
    [many, { source_lang: "klingon", target_lang: "es" }, "/source_lang", "names no language"],
    [one, { source_lang: "fr", target_lang: "en" }, "/source_lang", "is French; m has German (de)"],
    [one, { target_lang: "de" }, "/target_lang", "is German; m has English (en)"],
  ] as const)("that a model lacks are bad input, by field and with what there is: %#", (languages, asked, field, words) => {
    expect(() => pairOf(languages, "m", asked)).toThrow(
      expect.objectContaining({ code: "bad-input", details: { field }, message: expect.stringContaining(words) as string }),
    );
  });
});
