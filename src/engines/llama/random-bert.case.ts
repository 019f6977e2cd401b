import { writeFileSync } from "node:fs";

/**
 * Writes a BERT of two layers with random weights as a GGUF, to test vectors and ranks with.
 * Source of the layout: github.com/ggml-org/ggml/blob/master/docs/gguf.md, seen 2026-11.
 */
export function writeRandomBert(path: string, task: "embedding" | "ranking"): void {
  const [width, feedForward, layers, contextTokens] = [32, 64, 2, 64];
  const letters = Array.from("abcdefghijklmnopqrstuvwxyz");
  const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  const vocabulary = [...specials, ...letters.map((letter) => `\u2581${letter}`), ...letters];
  const random = createRandom();
  const tensors: Tensor[] = [];
  const add = (name: string, ...shape: number[]) => tensors.push({ name, shape, values: () => random() / Math.sqrt(shape.at(-1) ?? 1) });
  const addNorm = (name: string) => {
    tensors.push({ name: `${name}.weight`, shape: [width], values: () => 1 });
    add(`${name}.bias`, width);
  };

  add("token_embd.weight", vocabulary.length, width);
  add("token_types.weight", 2, width);
  add("position_embd.weight", contextTokens, width);
  addNorm("token_embd_norm");
  for (let layer = 0; layer < layers; layer++) {
    const parts = { attn_q: [width, width], attn_k: [width, width], attn_v: [width, width], attn_output: [width, width] };
    for (const [name, [rows = 0, columns = 0]] of Object.entries({
      ...parts,
      ffn_up: [feedForward, width],
      ffn_down: [width, feedForward],
    })) {
      add(`blk.${layer}.${name}.weight`, rows, columns);
      add(`blk.${layer}.${name}.bias`, rows);
    }
    addNorm(`blk.${layer}.attn_output_norm`);
    addNorm(`blk.${layer}.layer_output_norm`);
  }
  if (task === "ranking") {
    add("cls.weight", width, width);
    add("cls.bias", width);
    add("cls.output.weight", 1, width);
    add("cls.output.bias", 1);
  }
  const values: Record<string, Value> = {
    "general.architecture": "bert",
    "general.name": "random-bert",
    "bert.block_count": layers,
    "bert.context_length": contextTokens,
    "bert.embedding_length": width,
    "bert.feed_forward_length": feedForward,
    "bert.attention.head_count": 2,
    "bert.attention.layer_norm_epsilon": { float: 1e-12 },
    "bert.attention.causal": false,
    "bert.pooling_type": task === "ranking" ? 4 : 2,
    "tokenizer.ggml.model": "bert",
    "tokenizer.ggml.pre": "default",
    "tokenizer.ggml.tokens": vocabulary,
    "tokenizer.ggml.token_type": vocabulary.map((_text, token) => (token < specials.length ? 3 : 1)),
    "tokenizer.ggml.token_type_count": 2,
    "tokenizer.ggml.padding_token_id": 0,
    "tokenizer.ggml.unknown_token_id": 1,
    "tokenizer.ggml.bos_token_id": 2,
    "tokenizer.ggml.cls_token_id": 2,
    "tokenizer.ggml.eos_token_id": 3,
    "tokenizer.ggml.seperator_token_id": 3, // written so in the format
    "tokenizer.ggml.mask_token_id": 4,
  };
  writeFileSync(path, gguf(values, tensors));
}

type Value = string | number | boolean | { readonly float: number } | readonly string[] | readonly number[];

interface Tensor {
  readonly name: string;
  /** Rows before columns. */
  readonly shape: readonly number[];
  readonly values: () => number;
}

const alignment = 32;

function gguf(values: Readonly<Record<string, Value>>, tensors: readonly Tensor[]): Buffer {
  let offset = 0;
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  for (const { name, shape, values: next } of tensors) {
    const bytes = Buffer.from(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next).buffer);
    infos.push(text(name), u32(shape.length), ...shape.toReversed().map(u64), u32(0), u64(offset));
    data.push(padded(bytes));
    offset += padded(bytes).length;
  }
  const pairs = Object.entries(values).flatMap(([key, value]) => [text(key), typed(value)]);
  const head = Buffer.concat([Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(Object.keys(values).length), ...pairs, ...infos]);
  return Buffer.concat([padded(head), ...data]);
}

function typed(value: Value): Buffer {
  if (typeof value === "string") return Buffer.concat([u32(8), text(value)]);
  if (typeof value === "number") return Buffer.concat([u32(4), u32(value)]);
  if (typeof value === "boolean") return Buffer.concat([u32(7), Buffer.from([value ? 1 : 0])]);
  if ("float" in value) return Buffer.concat([u32(6), Buffer.from(Float32Array.of(value.float).buffer)]);
  const items = value.map((item) => (typeof item === "string" ? text(item) : u32(item)));
  return Buffer.concat([u32(9), u32(typeof value[0] === "string" ? 8 : 5), u64(value.length), ...items]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  return Buffer.from(Uint32Array.of(value).buffer);
}

function u64(value: number): Buffer {
  return Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((alignment - (bytes.length % alignment)) % alignment)]);
}

/** The same numbers in every run, between -1 and 1. */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  };
}
