import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadSentenceCutter } from "./sentences.ts";
import { splitText } from "./split-text.ts";

const cut = await loadSentenceCutter();
const split = (text: string, language = "en") => splitText(text, language, cut, () => undefined);

describe("a text", () => {
  it("keeps its lines, its blank lines and its white space", async () => {
    const text = "  First line. Second sentence!\r\n\r\n\tNext   paragraph?  \n";
    const { sentences, join } = await split(text);
    expect(sentences).toEqual(["First line.", "Second sentence!", "Next   paragraph?"]);
    expect(join(["A", "B", "C"], false)).toBe("  A B\r\n\r\n\tC  \n");
  });

  it.each(["", " ", "\n\n\n", "42", "--- *** ---", "12:30 €5 🦊", "\u00a0\u2028\t"])(
    "without words is nothing to translate: %j",
    async (text) => {
      const { sentences, join } = await split(text);
      expect(sentences).toEqual([]);
      expect(join([], true)).toBe(text);
    },
  );

  it("keeps what is not words between sentences", async () => {
    const { sentences, join } = await split("One.\n---\n1.\nTwo.");
    expect(sentences).toEqual(["One.", "Two."]);
    expect(join(["A", "B"], false)).toBe("A\n---\n1.\nB");
  });

  it("gets spaces between sentences that were written without them, where the other language has them", async () => {
    const { join } = await split("你好。我很好。\n再见！", "zh");
    expect(join(["Hello.", "I am well.", "Goodbye!"], true)).toBe("Hello. I am well.\nGoodbye!");
    expect(join(["A。", "B。", "C！"], false)).toBe("A。B。\nC！");
  });

  it("is whole again when its sentences come back as they were, but for half characters", async () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom(". ", "\n", "Hello. ", "\r\n", "\ud800", "\u2028", "。", "  "),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.constantFrom("en", "de", "zh", "ar"), async (pieces, language) => {
        const text = pieces.join("");
        const { sentences, join } = await split(text, language);
        expect(join(sentences, false)).toBe(text.replace(/\p{Surrogate}/gu, "\uFFFD"));
      }),
      { numRuns: 300 },
    );
  });
});
