import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { coloursWanted, tableText } from "../table.ts";
import { type Asked, post, print, printJson, runNative } from "./asked.ts";
import { textOf } from "./input.ts";
import { labelTable, percent, scoredLabels } from "./labels.ts";

/** How many numbers of a vector are shown. */
const numbersShown = 8;

export async function embed(asked: Asked): Promise<void> {
  const response = await post(asked, "/v1/embeddings", { model: asked.model.name, input: textOf(asked.prompt, asked.file) });
  const reply: unknown = await response.json();
  if (asked.options.json) return printJson(reply);
  const { data } = z.object({ data: z.array(z.object({ embedding: z.array(z.number()) })) }).parse(reply);
  const vector = data[0]?.embedding ?? [];
  const numbers = vector.slice(0, numbersShown).map((number) => number.toFixed(4));
  print(`${vector.length} dimensions: ${numbers.join(" ")}${vector.length > numbersShown ? " …" : ""}`);
}

export async function classify(asked: Asked): Promise<void> {
  const result = await runNative(asked, { text: textOf(asked.prompt, asked.file) });
  if (asked.options.json) return printJson(result);
  print(labelTable(scoredLabels.parse(result).toSorted((a, b) => b.score - a.score)));
}

/** The prompt is the query, each line of the file a text to be ranked. */
export async function rank(asked: Asked): Promise<void> {
  const { model, prompt, file, options } = asked;
  const texts = textOf("", file)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (prompt === "" || texts.length === 0) {
    throw new Problem("bad-input", "ranking wants a query as the prompt, and the texts as the lines of --file (- is stdin)");
  }
  const reply: unknown = await (await post(asked, "/v1/rerank", { model: model.name, query: prompt, documents: texts })).json();
  if (options.json) return printJson(reply);
  const { results } = z.object({ results: z.array(z.object({ index: z.int(), relevance_score: z.number() })) }).parse(reply);
  const rows = results.map(({ index, relevance_score: score }) => [percent(score), texts[index] ?? ""]);
  print(tableText(["SCORE", "TEXT"], rows, coloursWanted()));
}

export async function translate(asked: Asked): Promise<void> {
  const { prompt, file, options } = asked;
  if (options.to === undefined) throw new Problem("bad-input", "say into which language: --to es, or --to spanish");
  const result = await runNative(asked, { text: textOf(prompt, file), source_lang: options.from, target_lang: options.to });
  if (options.json) return printJson(result);
  print(z.object({ translated_text: z.string() }).parse(result).translated_text);
}

export async function summarize(asked: Asked): Promise<void> {
  const result = await runNative(asked, { input_text: textOf(asked.prompt, asked.file), max_length: asked.options.maxTokens });
  if (asked.options.json) return printJson(result);
  print(z.object({ summary: z.string() }).parse(result).summary.trim());
}
