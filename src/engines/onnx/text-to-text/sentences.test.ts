import { describe, expect, it } from "vitest";
import { byUnicode, inPieces, loadSentenceCutter } from "./sentences.ts";

const cut = await loadSentenceCutter();

describe.each([
  ["sentencex", cut],
  ["Unicode's rules", inPieces(byUnicode)],
])("a line cut by %s", (_, cutter) => {
  it.each([
    ["en", "Hello there. How are you?  Fine!", ["Hello there. ", "How are you?  ", "Fine!"]],
    ["ja", "こんにちは。元気ですか？", ["こんにちは。", "元気ですか？"]],
    ["zh", "你好。我很好！你呢？", ["你好。", "我很好！", "你呢？"]],
    ["ar", "مرحبا. كيف حالك؟ بخير.", ["مرحبا. ", "كيف حالك؟ ", "بخير."]],
    ["de", "Am 3. Mai regnet es. Gut.", ["Am 3. Mai regnet es. ", "Gut."]],
    ["en", "one", ["one"]],
    ["en", "", []],
  ])("%s: %j", (language, line, sentences) => {
    expect(cutter(line, language)).toEqual(sentences);
  });

  it("is whole again when its sentences are joined, however long and strange it is", () => {
    for (const line of [
      "Hello there. ".repeat(2000),
      "a".repeat(50_000),
      "(".repeat(5000) + " hi. ".repeat(3000),
      "1. 2. 3. ".repeat(3000),
      "🦊".repeat(5000),
      "„Ja.“ – «Non!» … ".repeat(1000),
    ]) {
      for (const language of ["en", "de", "zh"]) expect(cutter(line, language).join("")).toBe(line);
    }
  });
});

it("knows abbreviations", () => {
  expect(cut("Dr. Smith went home. He slept.", "en")).toEqual(["Dr. Smith went home. ", "He slept."]);
  expect(cut("Wir sind z. B. in Berlin. Gut.", "de")).toEqual(["Wir sind z. B. in Berlin. ", "Gut."]);
});
