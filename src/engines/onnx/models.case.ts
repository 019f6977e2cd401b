import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onnx } from "onnx-proto";
import type { ModelCard, TaskId } from "../../core/index.ts";

/** A built-in model as a card, for tests of this room. */
export function builtIn(name: string, task: TaskId): ModelCard {
  return cardOf(`@ganglion/${name}`, task, fileURLToPath(new URL(`../../../models/${name}`, import.meta.url)));
}

export const tinyEmbed = builtIn("tiny-embed", "text-embeddings");
export const tinyRerank = builtIn("tiny-embed", "reranking");
export const tinySentiment = builtIn("tiny-sentiment", "text-classification");

export function cardOf(name: string, task: TaskId, path: string): ModelCard {
  return {
    name,
    aliases: [],
    task,
    wireForm: "",
    description: "",
    contextTokens: 512,
    price: [],
    weights: [{ format: "onnx", path }],
    origin: "local",
    abilities: {},
    createdAt: 0,
  };
}

/** A folder for models made by hand, gone with `remove`. */
export function modelFolders() {
  const root = mkdtempSync(join(tmpdir(), "ganglion-onnx-"));
  let made = 0;
  return {
    /** Files by their names, contents as they are or as JSON. */
    folder(files: Readonly<Record<string, Uint8Array | object | string>>): string {
      const path = join(root, `${++made}`);
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), content instanceof Uint8Array || typeof content === "string" ? content : JSON.stringify(content));
      }
      return path;
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}

const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

/** Whole words in the way of BERT: `[CLS] words [SEP]`, and for pairs `[CLS] words [SEP] more words [SEP]`. */
export function wordTokenizer(words: readonly string[]): object {
  return {
    version: "1.0",
    added_tokens: specials.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "Whitespace" },
    post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
    decoder: null,
    model: { type: "WordLevel", unk_token: "[UNK]", vocab: Object.fromEntries([...specials, ...words].map((word, id) => [word, id])) },
  };
}

const int64 = onnx.TensorProto.DataType.INT64;
const float = onnx.TensorProto.DataType.FLOAT;

export interface GraphOfRows {
  readonly inputs: readonly string[];
  readonly output: string;
  /** Row `id` is what the graph makes of the token `id`; one that is missing makes it fail. */
  readonly rows: readonly (readonly number[])[];
  /** Adds up the rows of a text: [batch, width] and not [batch, tokens, width]. */
  readonly sum?: boolean;
}

/** A graph that looks up a row for each token. */
export function graphOfRows({ inputs, output, rows, sum }: GraphOfRows): Uint8Array {
  const width = rows[0]?.length ?? 0;
  const read = sum ? "each" : output;
  const model = onnx.ModelProto.create({
    irVersion: 8,
    producerName: "test",
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "rows",
      input: inputs.map((name) => value(name, int64, "batch", "tokens")),
      output: [sum ? value(output, float, "batch", width) : value(output, float, "batch", "tokens", width)],
      initializer: [
        { name: "table", dims: [rows.length, width], dataType: float, rawData: new Uint8Array(Float32Array.from(rows.flat()).buffer) },
        ...(sum ? [{ name: "axis", dims: [1], dataType: int64, rawData: new Uint8Array(BigInt64Array.of(1n).buffer) }] : []),
      ],
      node: [
        { opType: "Gather", input: ["table", "input_ids"], output: [read] },
        ...(sum
          ? [{ opType: "ReduceSum", input: [read, "axis"], output: [output], attribute: [{ name: "keepdims", type: 2, i: 0 }] }]
          : []),
      ],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function value(name: string, elemType: number, ...dims: (string | number)[]) {
  const shape = { dim: dims.map((dim) => (typeof dim === "number" ? { dimValue: dim } : { dimParam: dim })) };
  return { name, type: { tensorType: { elemType, shape } } };
}

/** A graph of one node that no runtime knows. */
export function unknownGraph(): Uint8Array {
  return onnx.ModelProto.encode(
    onnx.ModelProto.create({
      irVersion: 8,
      opsetImport: [{ domain: "", version: 17 }],
      graph: { name: "unknown", node: [{ opType: "Wish", input: ["input_ids"], output: ["logits"] }], input: [], output: [] },
    }),
  ).finish();
}
