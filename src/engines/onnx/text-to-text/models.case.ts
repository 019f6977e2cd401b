import { builtIn } from "../models.case.ts";

export const tinyTranslate = builtIn("tiny-translate", "translation");
export const tinySummary = builtIn("tiny-summary", "summarization");

export const article =
  "A fire broke out in a hotel in Lisbon on Monday at night, and 12 people were injured. Many residents watched from their windows. " +
  "The fire was caused by a candle, according to the police. The damage is estimated at 3 million euros.";
