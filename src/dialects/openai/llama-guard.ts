/** What a model of the Llama Guard family says of a text. */
export interface Verdict {
  readonly safe: boolean;
  /** `S1`, `O3`: what is wrong with it. */
  readonly codes: readonly string[];
}

/**
 * Reads `safe`, or `unsafe` and in the next line codes with commas between them. Whatever else a model says is not "safe", so that a text
 * which talks it out of its form does not pass.
 * Source: Meta's model cards of Llama Guard and Llama Guard 3.
 */
export function readVerdict(answer: string): Verdict {
  const [word = "", ...rest] = answer.trim().split(/\s+/);
  if (word.toLowerCase() === "safe" && rest.length === 0) return { safe: true, codes: [] };
  const codes = rest.join(",").toUpperCase().split(",");
  return { safe: false, codes: [...new Set(codes.filter((code) => /^[OS]\d{1,2}$/.test(code)))] };
}

/** OpenAI's categories, all of which are in every answer. Source: platform.openai.com/docs/guides/moderation, seen 2026-11. */
const openaiCategories = [
  "harassment",
  "harassment/threatening",
  "hate",
  "hate/threatening",
  "illicit",
  "illicit/violent",
  "self-harm",
  "self-harm/intent",
  "self-harm/instructions",
  "sexual",
  "sexual/minors",
  "violence",
  "violence/graphic",
] as const;

/** What the codes mean there; what OpenAI has no category for keeps the name that Meta gave it. S is Llama Guard 3, O the first one. */
const categoriesOfCodes: Readonly<Record<string, readonly string[]>> = {
  S1: ["violence", "illicit/violent"],
  S2: ["illicit"],
  S3: ["sexual", "illicit"],
  S4: ["sexual/minors", "sexual"],
  S5: ["harassment"],
  S6: ["specialized-advice"],
  S7: ["privacy"],
  S8: ["intellectual-property"],
  S9: ["illicit/violent"],
  S10: ["hate"],
  S11: ["self-harm"],
  S12: ["sexual"],
  S13: ["elections"],
  S14: ["code-interpreter-abuse"],
  O1: ["violence", "hate"],
  O2: ["sexual"],
  O3: ["illicit/violent"],
  O4: ["illicit"],
  O5: ["self-harm"],
  O6: ["illicit"],
};

/** Whether a text is in each category; the model says yes or no, so its scores are 1 and 0. */
export function categoriesOf({ codes }: Verdict): Record<string, boolean> {
  const found = codes.flatMap((code) => categoriesOfCodes[code] ?? []);
  return Object.fromEntries([...openaiCategories, ...found].map((category) => [category, found.includes(category)]));
}
