import { describeOnnx } from "./conformance.ts";
import { tinyEmbed, tinyRerank, tinySentiment } from "./models.case.ts";

describeOnnx("with texts", { models: { "text-embeddings": tinyEmbed, "text-classification": tinySentiment, reranking: tinyRerank } });
