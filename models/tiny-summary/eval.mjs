// Judges a folder on held-out.jsonl, which the training has not seen: node eval.mjs [folder] [--show]
import { readFileSync } from "node:fs";
import { openModel } from "../tiny-translate/ask.mjs";

const folder = process.argv[2]?.startsWith("--") ? undefined : process.argv[2];
const tests = readFileSync(new URL("held-out.jsonl", import.meta.url), "utf8").trim().split("\n").map((line) => JSON.parse(line));
const { ask, close } = await openModel(folder ?? import.meta.dirname, "summarization");

const words = (text) => text.match(/[\p{L}\d]+(?:[.,:'-][\p{L}\d]+)*/gu) ?? [];
/** Numbers, and names: capitals that do not merely begin a sentence. */
const facts = (text) => words(text.replaceAll(/(?<=^|[.!?] )\p{Lu}\p{Ll}*(?= )/gu, "")).filter((word) => /\d|^\p{Lu}/u.test(word));
const plain = (word) => word.toLowerCase().replaceAll(",", "").replace(/'s$/, "");
const share = (right, all) => `${((100 * right) / all).toFixed(1)} %`;

/** Longest common subsequence of words, as F1. */
function rouge(made, wanted) {
  const [a, b] = [words(made.toLowerCase()), words(wanted.toLowerCase())];
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const word of a) {
    const next = [0];
    for (let j = 1; j <= b.length; j++) next.push(word === b[j - 1] ? row[j - 1] + 1 : Math.max(row[j], next[j - 1]));
    row = next;
  }
  return (2 * row[b.length]) / Math.max(1, a.length + b.length);
}

const groups = new Map();
const answers = await Promise.all(tests.map(({ text }) => ask({ input_text: text, max_length: 200 })));
for (const [i, { kind, text, summary }] of tests.entries()) {
  const made = answers[i].output.summary;
  const [first = ""] = /^.*?[.!?](?= |$)/.exec(text) ?? [];
  const known = new Set(words(text).map(plain));
  const name = kind === "strange" || kind === "everyday" ? kind : "news";
  const group = groups.get(name) ?? { texts: 0, exact: 0, rouge: 0, lead: 0, facts: 0, true: 0 };
  group.texts++;
  group.exact += made === summary;
  group.rouge += rouge(made, summary);
  group.lead += rouge(first, summary);
  group.facts += facts(made).length;
  group.true += facts(made).filter((word) => known.has(plain(word))).length;
  groups.set(name, group);
  if (process.argv.includes("--show") && made !== summary) console.log(`${kind}: ${made}\n  not ${summary}`);
}
for (const [name, { texts, exact, rouge: sum, lead, facts: all, true: right }] of groups) {
  console.log(
    `${name}: ${texts} texts, word for word ${share(exact, texts)}, ROUGE-L ${(sum / texts).toFixed(3)} (first sentence: ${(lead / texts).toFixed(3)}), ` +
      `names and numbers that are in the text ${share(right, all)}`,
  );
}
close();
