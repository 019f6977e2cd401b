// Judges a folder of a sentiment model on eval.json and, if given, on the sentences held out of train.json: node eval.mjs [folder] [train.json]
import { readFileSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";

const [folder = import.meta.dirname, data] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const tokenizer = new Tokenizer(read(`${folder}/tokenizer.json`), read(`${folder}/tokenizer_config.json`));
const session = await InferenceSession.create(`${folder}/onnx/model.onnx`, { intraOpNumThreads: 1, enableMemPattern: false });

async function isGood(text) {
  const { ids } = tokenizer.encode(text);
  const row = (values) => new Tensor("int64", BigInt64Array.from(values, BigInt), [1, ids.length]);
  const { logits } = await session.run({ input_ids: row(ids), attention_mask: row(ids.map(() => 1)) });
  return logits.data[1] > logits.data[0];
}

const groups = Object.entries(read(new URL("eval.json", import.meta.url))).map(([name, some]) => [name, some.map(([text, label]) => ({ text, good: label === "POSITIVE" }))]);
if (data) for (const kind of ["amazon", "imdb", "yelp"]) groups.push([`${kind}, held out`, read(data).filter((one) => one.held && one.kind === kind)]);

for (const [name, some] of groups) {
  const wrong = [];
  for (const { text, good } of some) if ((await isGood(text)) !== Boolean(good)) wrong.push(text);
  console.log(`${name}: ${some.length - wrong.length} of ${some.length} (${(100 - (100 * wrong.length) / some.length).toFixed(1)} %)`);
  if (process.argv.includes("--show")) for (const text of wrong) console.log("  ", text);
}
