// Judges the models on held-out drawings, through the engine that serves them, and prints a table.
// usage: node eval.mjs DATA [--models FOLDER] [--sheet SHEET.png] [--steps 20] [--guidance 6] [--only classify|detect|draw|caption]
//   DATA is written by make_data.py; FOLDER holds classify/, detect/, draw/, caption/: this one, unless another is named.
//   --sheet also saves 16 drawings, in the order of their prompts.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import sharp from "sharp";

const [data, ...flags] = process.argv.slice(2);
const flag = (name, or) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : or);
const models = resolve(flag("--models", import.meta.dirname));
const json = (path) => JSON.parse(readFileSync(join(data, path), "utf8"));
const wanted = (task) => (flag("--only") ?? task) === task;
const percent = (x) => `${(100 * x).toFixed(1)} %`;
const row = (...cells) => console.log(`| ${cells.join(" | ")} |`);

// The engine is TypeScript of this repository; its bundle lies where it finds its packages.
const root = resolve(import.meta.dirname, "../..");
const outfile = join(root, ".cache/eval-tiny-shapes.mjs");
await build({ entryPoints: [join(root, "src/engines/onnx/index.ts")], outfile, bundle: true, format: "esm", platform: "node", packages: "external", logLevel: "error" });
const engine = (await import(outfile)).createOnnxEngine({ threads: 1 });
async function ask(folder, task, input) {
  const model = { name: folder, task, weights: [{ format: "onnx", path: join(models, folder) }] };
  const call = { id: "eval", task, model, input, deadline: Infinity, account: "eval", signal: new AbortController().signal };
  for await (const part of engine.run(call)) if (part.type === "end") return part.output;
}
const fileOf = (path) => ({ bytes: readFileSync(join(data, path)), mediaType: "image/png" });
const named = (image) => ask("classify", "image-classification", { image });
const found = (image) => ask("detect", "object-detection", { image });
const same = (a, b) => String([...a].sort()) === String([...b].sort());

row("what", "value");
row("---", "---");

if (wanted("classify")) {
  const rows = json("classify/labels.json");
  const hits = { all: 0, colour: 0, shape: 0 };
  for (const { file, label } of rows) {
    const [best] = await named(fileOf(`classify/${file}`));
    count(hits, best.label, label);
  }
  row(`classify: right, ${rows.length} drawings of 64 to 200 px`, percent(hits.all / rows.length));
  row("classify: colour right / shape right", `${percent(hits.colour / rows.length)} / ${percent(hits.shape / rows.length)}`);
}

function count(hits, said, label) {
  const [[colour, shape], [askedColour, askedShape]] = [said.split(" "), label.split(" ")];
  hits.all += said === label;
  hits.colour += colour === askedColour;
  hits.shape += shape === askedShape;
}

function overlap(a, b) {
  const w = Math.min(a.xmax, b[2]) - Math.max(a.xmin, b[0]);
  const h = Math.min(a.ymax, b[3]) - Math.max(a.ymin, b[1]);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / ((a.xmax - a.xmin) * (a.ymax - a.ymin) + (b[2] - b[0]) * (b[3] - b[1]) - w * h);
}

if (wanted("detect")) {
  const rows = json("detect/labels.json");
  let [truths, said, hits, iou, counted] = [0, 0, 0, 0, 0];
  for (const { file, labels, boxes } of rows) {
    const things = await found(fileOf(`detect/${file}`));
    const free = new Set(labels.keys());
    truths += labels.length;
    said += things.length;
    counted += things.length === labels.length;
    for (const thing of things) {
      const hit = [...free].find((i) => labels[i] === thing.label && overlap(thing.box, boxes[i]) >= 0.5);
      if (hit === undefined) continue;
      free.delete(hit);
      hits++;
      iou += overlap(thing.box, boxes[hit]);
    }
  }
  row(`detect: precision / recall at IoU 0.5, ${rows.length} drawings, ${truths} shapes`, `${percent(hits / said)} / ${percent(hits / truths)}`);
  row("detect: mean IoU of the hits", (iou / hits).toFixed(3));
  row("detect: right number of shapes", percent(counted / rows.length));
}

if (wanted("caption")) {
  const rows = json("caption/labels.json");
  let [exact, words, all] = [0, 0, 0];
  for (const { file, caption } of rows) {
    const { description } = await ask("caption", "image-to-text", { image: fileOf(`caption/${file}`), max_tokens: 30 });
    exact += description === caption;
    const [said, asked] = [description.split(" "), caption.split(" ")];
    words += asked.filter((word, i) => said[i] === word).length;
    all += asked.length;
  }
  row(`caption: told word for word, ${rows.length} drawings`, percent(exact / rows.length));
  row("caption: words right, at their place", percent(words / all));
}

if (wanted("draw")) {
  const options = { ...(flag("--steps") && { num_steps: Number(flag("--steps")) }), ...(flag("--guidance") && { guidance: Number(flag("--guidance")) }) };
  const draw = async (prompt, seed) => (await ask("draw", "text-to-image", { prompt, seed, ...options })).image;
  const prompts = json("prompts.json");
  const score = new Map();
  const hits = { all: 0, colour: 0, shape: 0 };
  const sheet = [];
  const started = performance.now();
  for (const [i, { prompt, label, count: number }] of prompts.entries()) {
    const image = await draw(prompt, i + 1);
    const [best] = await named(image);
    const things = await found(image);
    for (const key of ["all", number === 1 ? "one" : "several"]) {
      const s = score.get(key) ?? { all: 0, label: 0, exact: 0 };
      s.all++;
      s.label += best.label === label;
      s.exact += same(things.map((thing) => thing.label), Array(number).fill(label));
      score.set(key, s);
    }
    count(hits, best.label, label);
    if (sheet.length < 16) sheet.push(image);
  }
  const ms = (performance.now() - started) / prompts.length;
  const tell = ({ all, label, exact }) => `${label} / ${exact} of ${all}`;
  row(`draw: the classifier names what was asked / the detector finds exactly that, ${prompts.length} unseen prompts`, tell(score.get("all")));
  row("draw: the same, one shape asked", tell(score.get("one")));
  row("draw: the same, two or three asked", tell(score.get("several")));
  row("draw: colour right / shape right", `${percent(hits.colour / prompts.length)} / ${percent(hits.shape / prompts.length)}`);
  const pairs = json("pairs.json");
  let both = 0;
  for (const [i, { prompt, labels }] of pairs.entries()) both += same((await found(await draw(prompt, 1000 + i))).map((thing) => thing.label), labels);
  row(`draw: two different shapes asked, the detector finds exactly these, ${pairs.length} unseen prompts`, `${both} of ${pairs.length}`);
  row("draw: time per picture, with what judges it", `${ms.toFixed(0)} ms`);
  if (flag("--sheet")) {
    const cells = await Promise.all(
      sheet.map(async ({ bytes }, i) => ({ input: await sharp(bytes).resize(160, 160).png().toBuffer(), left: (i % 4) * 168, top: Math.floor(i / 4) * 168 })),
    );
    await sharp({ create: { width: 664, height: 664, channels: 3, background: "white" } }).composite(cells).png().toFile(flag("--sheet"));
    console.log(prompts.slice(0, 16).map(({ prompt }) => prompt).join("\n"));
  }
}
await engine.close();
