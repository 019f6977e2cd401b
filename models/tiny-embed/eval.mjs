// Judges a folder of an embedding model on eval.json, which no part of the model has seen: node eval.mjs [folder]
import { readFileSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";

const folder = process.argv[2] ?? import.meta.dirname;
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const tokenizer = new Tokenizer(read(`${folder}/tokenizer.json`), read(`${folder}/tokenizer_config.json`));
const session = await InferenceSession.create(`${folder}/onnx/model.onnx`, { intraOpNumThreads: 1, enableMemPattern: false });

async function embed(text) {
  const { ids } = tokenizer.encode(text);
  const row = (values) => new Tensor("int64", BigInt64Array.from(values, BigInt), [1, ids.length]);
  const { sentence_embedding: vector } = await session.run({ input_ids: row(ids), attention_mask: row(ids.map(() => 1)) });
  const length = Math.hypot(...vector.data);
  return Array.from(vector.data, (x) => x / length);
}

/** Shared words, for comparison: what a search without a model would do. */
function words(text) {
  const found = new Set(text.toLowerCase().match(/[a-z]+/g));
  return { found, length: Math.sqrt(found.size) };
}

const measures = {
  "tiny-embed": { of: embed, like: (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0) },
  "shared words": { of: words, like: (a, b) => [...a.found].filter((word) => b.found.has(word)).length / a.length / b.length },
};

const { pairs, traps, questions } = read(new URL("eval.json", import.meta.url));
const flat = Object.entries(pairs).flatMap(([topic, some]) => some.map(([left, right]) => ({ topic, left, right })));

for (const [name, { of, like }] of Object.entries(measures)) {
  const left = await Promise.all(flat.map((pair) => of(pair.left)));
  const right = await Promise.all(flat.map((pair) => of(pair.right)));
  const score = left.map((a) => right.map((b) => like(a, b)));
  let triples = 0,
    nearer = 0,
    sameTopic = 0,
    nearerInTopic = 0,
    first = 0;
  for (const [i, scores] of score.entries()) {
    for (const [j, other] of scores.entries()) {
      if (i === j) continue;
      const wins = scores[i] > other ? 1 : 0;
      triples++;
      nearer += wins;
      if (flat[i].topic !== flat[j].topic) continue;
      sameTopic++;
      nearerInTopic += wins;
    }
    if (scores.every((other, j) => j === i || scores[i] > other)) first++;
  }
  let passed = 0;
  const failed = [];
  for (const [anchor, related, unrelated] of traps) {
    const a = await of(anchor);
    if (like(a, await of(related)) > like(a, await of(unrelated))) passed++;
    else failed.push(anchor);
  }
  let answered = 0, found = 0;
  const answers = await Promise.all(questions.map(([, answer]) => of(answer)));
  for (const [i, [question, , others]] of questions.entries()) {
    const asked = await of(question);
    const score = like(asked, answers[i]);
    const rivals = await Promise.all(others.map(of));
    if (rivals.every((rival) => score > like(asked, rival))) answered++;
    if (answers.every((other, j) => j === i || score > like(asked, other))) found++;
  }
  const share = (part, all) => `${part} of ${all} (${((100 * part) / all).toFixed(1)} %)`;
  console.log(`${name}
  the mate is nearer than another sentence: ${share(nearer, triples)}
  the same, the other being of the same topic: ${share(nearerInTopic, sameTopic)}
  the mate is the nearest of all ${flat.length}: ${share(first, flat.length)}
  traps, where the unrelated one shares more words: ${share(passed, traps.length)}
  the answer to a question is nearer than four sentences that share words with it: ${share(answered, questions.length)}
  the answer to a question is the nearest of all ${questions.length} answers: ${share(found, questions.length)}`);
  if (process.argv.includes("--show")) console.log(failed.join("\n"));
}
