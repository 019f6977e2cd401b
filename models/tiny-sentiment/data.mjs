// Writes labelled sentences and what the encoder makes of their tokens: node data.mjs FOLDER-OF-THE-PACKAGE-sentiment encoder.onnx FOLDER
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";

const [source, encoder, target] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const embedder = new URL("../tiny-embed/", import.meta.url);
const tokenizer = new Tokenizer(read(new URL("tokenizer.json", embedder)), read(new URL("tokenizer_config.json", embedder)));

const sentences = [];
/** `good`: 1 or 0. `weight`: how much a mistake counts. `held`: kept out of training. */
function add(kind, text, good, weight, held = false) {
  sentences.push({ kind, text, good, weight, held, ids: tokenizer.encode(text).ids });
}

for (const kind of ["amazon", "imdb", "yelp"]) {
  for (const { text, class: good } of read(`${source}/test/fixtures/${kind}.json`)) {
    if (good === null) continue; // the last row of each file is empty
    add(kind, text.trim(), good, 1, createHash("sha256").update(text.trim()).digest()[0] % 5 === 0);
  }
}

// Words that reviews may not have, and what "not" does to them.
for (const [word, score] of Object.entries(read(`${source}/languages/en/labels.json`))) {
  if (Math.abs(score) < 2 || !/^[a-z ]+$/.test(word)) continue;
  const good = Number(score > 0);
  add("word", `It was ${word}.`, good, 0.2);
  add("negated word", `It was not ${word}.`, 1 - good, 0.1);
}

const adjectives = [
  "bad awful terrible boring useless ugly slow rude dirty broken weak unpleasant sad cheap dull noisy horrible stupid wrong poor".split(" "),
  "good great nice helpful useful lovely fast polite clean strong pleasant happy exciting funny perfect clever fresh pretty fine smart".split(" "),
];
const things = "it this that the film the book the food the phone the place the service the game my visit the sound her answer".split(/ (?!film|book|food|phone|place|service|game|visit|sound|answer)/);
const ills = "trouble faults errors issues delays regrets noise doubts weaknesses reason to worry".split(/ (?!to|worry)/);
const joys = "charm humour taste style quality imagination sense reason to smile use talent".split(/ (?!to|smile)/);
const comparatives = "better kinder faster nicer smoother easier".split(" ");

for (const [good, words] of adjectives.entries()) {
  for (const [i, word] of words.entries()) {
    const thing = things[i % things.length];
    for (const text of [
      `${thing} is not ${word}`,
      `${thing} was not ${word} at all`,
      `${thing} isn't ${word}`,
      `I do not find ${thing} ${word}`,
      `I don't believe that ${thing} is ${word}`,
      `${thing} was never ${word}`,
      `${thing} is hardly ${word}`,
      `${thing} is far from ${word}`,
      `nobody would call ${thing} ${word}`,
    ]) {
      add("negation", sentence(text), 1 - good, 0.6);
    }
    add("negation", sentence(`${thing} is ${word}, not ${adjectives[1 - good][i]}`), good, 0.6);
    add("negation", sentence(`${thing} is not ${adjectives[1 - good][i]} but ${word}`), good, 0.6);
  }
}
for (const [good, nouns] of [joys, ills].entries()) {
  for (const noun of nouns) {
    for (const text of [`there is no ${noun} in it`, `it has no ${noun}`, `it comes without ${noun}`, `I saw no ${noun}`, `free of ${noun}`]) {
      add("negation", sentence(text), good, 0.6);
    }
  }
}
for (const word of comparatives) {
  add("negation", `Nothing could be ${word}.`, 1, 0.6);
  add("negation", `I never had a ${word} one.`, 1, 0.6);
  add("negation", `It ought to be ${word}.`, 0, 0.6);
  add("negation", `It did not get ${word}.`, 0, 0.6);
}
for (const [good, verbs] of ["enjoy like love recommend trust work help deserve fit".split(" "), "fail break crash disappoint annoy bother hurt lie".split(" ")].entries()) {
  for (const verb of verbs) {
    for (const text of [`it does not ${verb}`, `it never ${verb}s`, `it did not ${verb}`, `it won't ${verb}`, `I did not ${verb} it`]) add("negation", sentence(text), good, 0.6);
  }
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

const session = await InferenceSession.create(encoder, { intraOpNumThreads: 1, enableMemPattern: false });
mkdirSync(target, { recursive: true });
const file = openSync(`${target}/states.f32`, "w");
let at = 0;
for (const sentence of sentences) {
  const ids = sentence.ids.slice(0, 128);
  const row = (values) => new Tensor("int64", BigInt64Array.from(values, BigInt), [1, ids.length]);
  const { states } = await session.run({ input_ids: row(ids), attention_mask: row(ids.map(() => 1)) });
  writeSync(file, new Uint8Array(states.data.buffer, states.data.byteOffset, states.data.byteLength));
  Object.assign(sentence, { at, tokens: ids.length });
  at += ids.length;
}
closeSync(file);
writeFileSync(`${target}/sentences.json`, JSON.stringify(sentences));
const count = (test) => sentences.filter(test).length;
console.log(`${count(({ held }) => !held)} sentences to learn from, ${count(({ held }) => held)} held out`);
