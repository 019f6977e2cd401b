// The paragraphs of a page, translated as Immersive Translate does it with DeepLX: a request each, all at once.
//   GANGLION_URL=http://127.0.0.1:8686 GANGLION_TOKEN=… node examples/translate-page.mjs page.txt es
import { readFile } from "node:fs/promises";

const [file, target = "es"] = process.argv.slice(2);
if (file === undefined) throw new Error("name a text: node examples/translate-page.mjs page.txt es");
const url = new URL("/translate", process.env.GANGLION_URL ?? "http://127.0.0.1:8686");
url.searchParams.set("token", process.env.GANGLION_TOKEN ?? "");
if (process.env.MODEL) url.searchParams.set("model", process.env.MODEL);

async function translate(text) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ text, source_lang: "auto", target_lang: target }) });
  const answer = await response.json();
  if (answer.code !== 200) throw new Error(answer.message);
  return answer.data;
}

const paragraphs = (await readFile(file, "utf8")).split(/\n{2,}/).filter((text) => text.trim() !== "");
console.log((await Promise.all(paragraphs.map(translate))).join("\n\n"));
