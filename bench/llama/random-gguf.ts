import { closeSync, openSync, writeSync } from "node:fs";
import { createRandom, words } from "../random.ts";

/** Sizes of a llama. */
export interface Shape {
  readonly layers: number;
  readonly width: number;
  readonly feedForward: number;
  readonly heads: number;
  readonly headsOfKeys: number;
  readonly vocabulary: number;
}

/** Qwen2 0.5B: 494 million parameters. Source: huggingface.co/Qwen/Qwen2-0.5B, config.json. */
export const halfBillion: Shape = { layers: 24, width: 896, feedForward: 4864, heads: 14, headsOfKeys: 2, vocabulary: 151_936 };
export const tiny: Shape = { layers: 2, width: 64, feedForward: 128, heads: 4, headsOfKeys: 2, vocabulary: 2_048 };

/** How a prompt is written for these models; the template below says the same. */
export function promptOf(text: string): string {
  return `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`;
}
const template =
  "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/**
 * Writes a llama with random weights in Q8_0: it computes as a true one of its size does, and says nonsense. It never ends an answer by
 * itself, so that every answer has as many tokens as it may have.
 *
 * Format: github.com/ggml-org/ggml/blob/master/docs/gguf.md.
 */
export function writeRandomGguf(path: string, shape: Shape): void {
  const { layers, width, feedForward, heads, headsOfKeys } = shape;
  const keys = (width / heads) * headsOfKeys;
  const vocabulary = vocabularyOf(shape.vocabulary);
  const layer = (i: number): Tensor[] => [
    ones(`blk.${i}.attn_norm.weight`, width),
    matrix(`blk.${i}.attn_q.weight`, width, width),
    matrix(`blk.${i}.attn_k.weight`, width, keys),
    matrix(`blk.${i}.attn_v.weight`, width, keys),
    matrix(`blk.${i}.attn_output.weight`, width, width, keepsFirst),
    ones(`blk.${i}.ffn_norm.weight`, width),
    matrix(`blk.${i}.ffn_gate.weight`, width, feedForward),
    matrix(`blk.${i}.ffn_up.weight`, width, feedForward),
    matrix(`blk.${i}.ffn_down.weight`, feedForward, width, keepsFirst),
  ];
  const tensors = [
    matrix("token_embd.weight", width, vocabulary.tokens.length, marks(vocabulary)),
    ones("output_norm.weight", width),
    ...Array.from({ length: layers }, (_, i) => layer(i)).flat(),
  ];
  const metadata: readonly Metadata[] = [
    ["general.architecture", text("llama")],
    ["general.name", text("random")],
    ["general.file_type", u32(7)],
    ["llama.block_count", u32(layers)],
    ["llama.context_length", u32(8192)],
    ["llama.embedding_length", u32(width)],
    ["llama.feed_forward_length", u32(feedForward)],
    ["llama.attention.head_count", u32(heads)],
    ["llama.attention.head_count_kv", u32(headsOfKeys)],
    ["llama.attention.layer_norm_rms_epsilon", f32(1e-5)],
    ["llama.rope.dimension_count", u32(width / heads)],
    ["llama.vocab_size", u32(vocabulary.tokens.length)],
    ["tokenizer.ggml.model", text("llama")],
    ["tokenizer.ggml.tokens", arrayOf(8, vocabulary.tokens.map(bytesOfText))],
    [
      "tokenizer.ggml.scores",
      arrayOf(
        6,
        vocabulary.tokens.map((_, i) => bytesOfF32(-i)),
      ),
    ],
    ["tokenizer.ggml.token_type", arrayOf(5, vocabulary.types.map(bytesOfU32))],
    ["tokenizer.ggml.bos_token_id", u32(1)],
    ["tokenizer.ggml.eos_token_id", u32(4)],
    ["tokenizer.ggml.unknown_token_id", u32(0)],
    ["tokenizer.ggml.add_bos_token", yesOrNo(false)],
    ["tokenizer.ggml.add_space_prefix", yesOrNo(false)],
    ["tokenizer.chat_template", text(template)],
  ];
  write(path, metadata, tensors);
}

const normal = 1;
const unknown = 2;
const control = 3;
const byte = 6;

interface Vocabulary {
  readonly tokens: readonly string[];
  readonly types: readonly number[];
}

/** Special tokens, bytes, and short words with and without a space before them, so that merges of letters reach each. */
function vocabularyOf(size: number): Vocabulary {
  const tokens = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"];
  const types = [unknown, control, control, control, control];
  for (let i = 0; i < 256; i++) {
    tokens.push(`<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`);
    types.push(byte);
  }
  tokens.push("\u2581");
  for (const word of words(4)) {
    if (tokens.length >= size) break;
    tokens.push(`\u2581${word}`, word);
  }
  tokens.length = size;
  while (types.length < size) types.push(normal);
  return { tokens, types };
}

interface Tensor {
  readonly name: string;
  /** The innermost first. */
  readonly dimensions: readonly number[];
  readonly type: 0 | 8;
  readonly bytes: number;
  make(): Uint8Array;
}

function ones(name: string, width: number): Tensor {
  const make = () => new Uint8Array(new Float32Array(width).fill(1).buffer);
  return { name, dimensions: [width], type: 0, bytes: width * 4, make };
}

/** A block of Q8_0: a 16-bit float that scales 32 signed bytes. */
const blockValues = 32;
const blockBytes = 34;

/** Changes some blocks after all were filled. */
type Edit = (
  setScale: (row: number, block: number, scale: number) => void,
  setValue: (row: number, column: number, value: number) => void,
) => void;

const random = createRandom(7);

function matrix(name: string, columns: number, rows: number, edit: Edit = () => {}): Tensor {
  const blocksOfRow = columns / blockValues;
  const bytes = rows * blocksOfRow * blockBytes;
  return {
    name,
    dimensions: [columns, rows],
    type: 8,
    bytes,
    make() {
      const whole = new Uint8Array(Math.ceil(bytes / 4) * 4);
      random.fill(new Int32Array(whole.buffer));
      const view = new DataView(whole.buffer);
      // Random bytes have a standard deviation of 74: with this scale a row of a matrix keeps the size of what it multiplies.
      const scale = half(0.6 / Math.sqrt(columns) / 74);
      for (let at = 0; at < bytes; at += blockBytes) view.setUint16(at, scale, true);
      const blockAt = (row: number, block: number) => (row * blocksOfRow + block) * blockBytes;
      edit(
        (row, block, value) => view.setUint16(blockAt(row, block), half(value), true),
        (row, column, value) => view.setInt8(blockAt(row, Math.floor(column / blockValues)) + 2 + (column % blockValues), value),
      );
      return whole.subarray(0, bytes);
    },
  };
}

/**
 * The first dimension is a constant through all layers, for nothing is ever added to it. Words have it positive in their embedding and
 * everything else negative; as the embedding is the output matrix too, only words are ever likely.
 */
function marks({ types }: Vocabulary): Edit {
  return (setScale, setValue) => {
    for (const [token, type] of types.entries()) {
      setScale(token, 0, 4 / 127);
      for (let column = 1; column < blockValues; column++) setValue(token, column, ((token * 7 + column * 3) % 3) - 1);
      setValue(token, 0, type === normal ? 127 : -127);
    }
  };
}

const keepsFirst: Edit = (setScale, _setValue) => {
  for (let block = 0; block < 28; block++) setScale(0, block, 0);
};

/** The bits of a 16-bit float, for numbers from 2^-14 on, and for 0. */
function half(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) + Math.round((value / 2 ** exponent - 1) * 1024);
}

type Metadata = readonly [key: string, value: { readonly type: number; readonly bytes: Uint8Array }];

const bytesOfU32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer);
const bytesOfF32 = (value: number) => new Uint8Array(new Float32Array([value]).buffer);
const bytesOfU64 = (value: number) => new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
const bytesOfText = (value: string) => Buffer.concat([bytesOfU64(Buffer.byteLength(value)), Buffer.from(value)]);
const u32 = (value: number) => ({ type: 4, bytes: bytesOfU32(value) });
const f32 = (value: number) => ({ type: 6, bytes: bytesOfF32(value) });
const yesOrNo = (value: boolean) => ({ type: 7, bytes: Uint8Array.of(Number(value)) });
const text = (value: string) => ({ type: 8, bytes: bytesOfText(value) });
const arrayOf = (type: number, values: readonly Uint8Array[]) => ({
  type: 9,
  bytes: Buffer.concat([bytesOfU32(type), bytesOfU64(values.length), ...values]),
});

const alignment = 32;
const padding = (size: number) => new Uint8Array((alignment - (size % alignment)) % alignment);

function write(path: string, metadata: readonly Metadata[], tensors: readonly Tensor[]): void {
  let offset = 0;
  const infos = tensors.map(({ name, dimensions, type, bytes }) => {
    const sizes = dimensions.map(bytesOfU64);
    const info = Buffer.concat([bytesOfText(name), bytesOfU32(sizes.length), ...sizes, bytesOfU32(type), bytesOfU64(offset)]);
    offset += bytes + padding(bytes).length;
    return info;
  });
  const header = Buffer.concat([
    Buffer.from("GGUF"),
    bytesOfU32(3),
    bytesOfU64(tensors.length),
    bytesOfU64(metadata.length),
    ...metadata.flatMap(([key, { type, bytes }]) => [bytesOfText(key), bytesOfU32(type), bytes]),
    ...infos,
  ]);
  const file = openSync(path, "w");
  try {
    for (const part of [header, padding(header.length)]) writeSync(file, part);
    for (const tensor of tensors) {
      writeAll(file, tensor.make());
      writeSync(file, padding(tensor.bytes));
    }
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
