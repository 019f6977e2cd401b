import { describeOnnx } from "../conformance.ts";
import { article, tinySummary, tinyTranslate } from "./models.case.ts";

const models = { translation: tinyTranslate, summarization: tinySummary };
const inputs = {
  translation: { text: ["Hello world!", "How are you? I have 3 books."], source_lang: "en", target_lang: "es" },
  summarization: { input_text: article, max_length: 60 },
};

describeOnnx("writing texts", { models, inputs });
