// Counts the words that the model hears wrong in held-out recordings, through the engine that serves it.
// usage: node eval.mjs HELD_OUT [--model FOLDER] [--shown 5]     HELD_OUT is written by held_out.py.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const [heldOut, ...flags] = process.argv.slice(2);
const flag = (name, or) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : or);
const folder = resolve(flag("--model", import.meta.dirname));

// The engine is TypeScript of this repository; its bundle lies where it finds its packages.
const root = resolve(import.meta.dirname, "../..");
const outfile = join(root, ".cache/eval-tiny-listen.mjs");
await build({ entryPoints: [join(root, "src/engines/onnx/index.ts")], outfile, bundle: true, format: "esm", platform: "node", packages: "external", logLevel: "error" });
const engine = (await import(outfile)).createOnnxEngine({ threads: 1 });
const model = { name: "tiny-listen", task: "automatic-speech-recognition", weights: [{ format: "onnx", path: folder }] };

async function heard(bytes) {
  const input = { audio: { bytes, mediaType: "audio/wav" } };
  const call = { id: "eval", task: model.task, model, input, deadline: Infinity, account: "eval", signal: new AbortController().signal };
  for await (const part of engine.run(call)) if (part.type === "end") return part.output;
}

/** Words to change, to leave out and to put in, at least. */
function mistakes(said, written) {
  let row = written.map((_, i) => i).concat(written.length);
  said.forEach((word, i) => {
    const next = [i + 1];
    written.forEach((other, j) => next.push(Math.min(row[j] + (word === other ? 0 : 1), row[j + 1] + 1, next[j] + 1)));
    row = next;
  });
  return row.at(-1);
}

const tally = {};
let shown = Number(flag("--shown", "5"));
let [seconds, began] = [0, performance.now()];
for (const { file, voice, text } of JSON.parse(readFileSync(join(heldOut, "said.json"), "utf8"))) {
  const { text: written, duration } = await heard(new Uint8Array(readFileSync(join(heldOut, file))));
  seconds += duration;
  const wrong = mistakes(text.split(" "), written.split(/\s+/).filter(Boolean));
  if (wrong > 0 && shown-- > 0) console.log(`${voice}: ${text}\n  ${written}`);
  for (const key of [voice, "all"]) {
    const sum = (tally[key] ??= { sentences: 0, right: 0, words: 0, wrong: 0 });
    sum.sentences++;
    sum.right += wrong === 0 ? 1 : 0;
    sum.words += text.split(" ").length;
    sum.wrong += wrong;
  }
}
console.log("| voice | words | wrong | sentences | wholly right |\n| --- | --- | --- | --- | --- |");
for (const [voice, { words, wrong, sentences, right }] of Object.entries(tally)) {
  console.log(`| ${voice} | ${words} | ${((100 * wrong) / words).toFixed(1)} % | ${sentences} | ${((100 * right) / sentences).toFixed(0)} % |`);
}
console.log(`${seconds.toFixed(0)} seconds of sound in ${((performance.now() - began) / 1000).toFixed(0)} seconds`);
await engine.close();
