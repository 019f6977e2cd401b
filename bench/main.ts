import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chat } from "./chat/chat.ts";
import { ledger } from "./ledger/ledger.ts";
import { llama } from "./llama/llama.ts";
import { onnx } from "./onnx/onnx.ts";
import { pictures } from "./pictures/pictures.ts";
import { tasks } from "./tasks/tasks.ts";
import { vectors } from "./vectors/vectors.ts";
import { paragraphs } from "./paragraphs/paragraphs.ts";
import { switching } from "./footprint/switch.ts";
import { install } from "./footprint/install.ts";
import { memory } from "./footprint/memory.ts";
import { jsonOf, tableOf } from "./report.ts";
import type { Suite } from "./suite.ts";

const suites: Readonly<Record<string, Suite>> = {
  chat,
  ledger,
  llama,
  onnx,
  pictures,
  tasks,
  paragraphs,
  vectors,
  switch: switching,
  memory,
  install,
};

const help = `npm run bench -- [suite …] [options]

suites            ${Object.keys(suites).join(", ")}; default: all
--rounds NUMBER   default 5
--quick           one small round of each, to see that the bench runs; its numbers mean nothing
--json FILE       default .cache/bench.json
--profile FOLDER  CPU profiles of the processes that are measured`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "string", default: ".cache/bench.json" },
    profile: { type: "string" },
    folder: { type: "string", default: ".cache" },
    help: { type: "boolean", short: "h", default: false },
  },
});
const asked = positionals.length > 0 ? positionals : Object.keys(suites);
const unknown = asked.find((name) => !(name in suites));
if (values.help || unknown !== undefined) {
  console.log(unknown === undefined ? help : `there is no suite ${unknown}\n\n${help}`);
  process.exit(unknown === undefined ? 0 : 2);
}

if (values.quick) console.log("a quick run: it shows that the bench works, and its numbers mean nothing");

const report: Record<string, unknown> = {};
for (const name of asked) {
  const { rows, samples } = (await suites[name]?.({
    rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
    quick: values.quick,
    folder: resolve(values.folder),
    profile: values.profile && resolve(values.profile),
    progress: (line) => process.stderr.write(`${line}\n`),
  })) ?? { rows: [] };
  if (rows.length > 0) console.log(`\n${tableOf(name, rows)}`);
  report[name] = { rows: jsonOf(rows), samples };
}
mkdirSync(dirname(values.json), { recursive: true });
writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
console.log(`\nall of it: ${values.json}`);
