// Judges a folder on held-out.jsonl, which the training has not seen: node eval.mjs [folder] [--show]
import { readFileSync } from "node:fs";
import { openModel } from "./ask.mjs";

const folder = process.argv[2]?.startsWith("--") ? undefined : process.argv[2];
const languages = ["en", "es", "pt", "de", "fr"];
const meanings = readFileSync(new URL("held-out.jsonl", import.meta.url), "utf8").trim().split("\n").map((line) => JSON.parse(line));
const { ask, close } = await openModel(folder ?? import.meta.dirname, "translation");

const share = (right, all) => `${((100 * right) / all).toFixed(1)} %`;
const kinds = new Map();
const wrong = [];
let all = 0;
let exact = 0;
let kept = 0;
let holding = 0;
console.log(`exact, from each language (row) to each (column); ${meanings.length} sentences each\n| | ${languages.join(" | ")} |`);
for (const source of languages) {
  const row = [];
  for (const target of languages) {
    if (source === target) {
      row.push("");
      continue;
    }
    const asked = meanings.map((meaning) => meaning[source]);
    const { output } = await ask({ text: asked, source_lang: source, target_lang: target });
    let right = 0;
    for (const [i, meaning] of meanings.entries()) {
      const made = output.translations[i];
      const good = made === meaning[target];
      right += good;
      const count = kinds.get(meaning.kind) ?? [0, 0];
      kinds.set(meaning.kind, [count[0] + good, count[1] + 1]);
      // What has to come through as it is: names that nobody has, and numbers.
      for (const same of meaning.kept ?? []) {
        holding++;
        kept += made.includes(same);
      }
      if (!good) wrong.push(`${source}-${target} ${asked[i]} = ${made}   not ${meaning[target]}`);
    }
    row.push(share(right, meanings.length));
    all += meanings.length;
    exact += right;
  }
  console.log(`| ${source} | ${row.join(" | ")} |`);
}
console.log(`all: ${exact} of ${all} (${share(exact, all)}); made-up names and numbers kept: ${kept} of ${holding} (${share(kept, holding)})`);
for (const [kind, [right, count]] of kinds) console.log(`${kind}: ${right} of ${count} (${share(right, count)})`);
if (process.argv.includes("--show")) console.log(wrong.slice(0, 80).join("\n"));
close();
