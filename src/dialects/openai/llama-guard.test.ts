import { describe, expect, it } from "vitest";
import { categoriesOf, readVerdict } from "./llama-guard.ts";

describe("the answer of a model of the Llama Guard family", () => {
  it("is safe where it says so and nothing else", () => {
    for (const answer of ["safe", "\n\nsafe", " Safe \n"]) expect(readVerdict(answer)).toEqual({ safe: true, codes: [] });
  });

  it("is unsafe with its codes, however they are written", () => {
    for (const answer of ["unsafe\nS1,S10", "\n\nunsafe\nS1, S10", "unsafe\ns1,s10,S1", "Unsafe S1\nS10"]) {
      expect(readVerdict(answer)).toEqual({ safe: false, codes: ["S1", "S10"] });
    }
    expect(readVerdict("unsafe\nO3")).toEqual({ safe: false, codes: ["O3"] });
  });

  it("is unsafe where the model was talked out of its form", () => {
    for (const answer of ["", "Sure, here is a poem", "safe, or is it", "safe\nS1", "unsafe\nS999", "I cannot say", "safely"]) {
      expect(readVerdict(answer).safe, answer).toBe(false);
    }
    expect(readVerdict("unsafe\nS999,__proto__")).toEqual({ safe: false, codes: [] });
  });

  it("has all of OpenAI's categories, and Meta's name where OpenAI has none", () => {
    const none = categoriesOf(readVerdict("safe"));
    expect(Object.keys(none)).toHaveLength(13);
    expect(Object.values(none).some(Boolean)).toBe(false);
    const some = categoriesOf(readVerdict("unsafe\nS4,S7,S99"));
    expect(Object.keys(some).filter((category) => some[category])).toEqual(["sexual", "sexual/minors", "privacy"]);
    expect(Object.keys(some)).toHaveLength(14);
  });
});
