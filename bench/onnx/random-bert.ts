import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { words } from "../random.ts";
import { createGraph, float, integer } from "./random-graph.ts";

export interface BertShape {
  readonly layers: number;
  readonly width: number;
  readonly feedForward: number;
  readonly heads: number;
  readonly vocabulary: number;
}

/** bge-small-en: 33 million parameters. Source: huggingface.co/BAAI/bge-small-en-v1.5, config.json. */
export const bgeSmall: BertShape = { layers: 12, width: 384, feedForward: 1536, heads: 12, vocabulary: 30_522 };
export const tinyBert: BertShape = { layers: 2, width: 64, feedForward: 128, heads: 4, vocabulary: 1_024 };

const positions = 512;

/** Writes the folder of a BERT with random 32-bit weights, as Hugging Face's exporters lay it out. */
export function writeRandomBert(folder: string, shape: BertShape): void {
  mkdirSync(join(folder, "onnx"), { recursive: true });
  writeFileSync(join(folder, "onnx", "model.onnx"), graphOf(shape));
  const json = (file: string, value: object) => writeFileSync(join(folder, file), JSON.stringify(value));
  json("config.json", { model_type: "bert", max_position_embeddings: positions, pad_token_id: 0 });
  json("tokenizer_config.json", { tokenizer_class: "BertTokenizer", model_max_length: positions });
  json("tokenizer.json", tokenizerOf(shape.vocabulary));
}

/** The layers of BERT. Source: Devlin et al., 2018, arxiv.org/abs/1810.04805. */
function graphOf({ layers, width, feedForward, heads, vocabulary }: BertShape): Uint8Array {
  const graph = createGraph();
  const { node, weights, floats, integers } = graph;

  const dense = (x: string, from: number, to: number) => node("Add", [node("MatMul", [x, weights([from, to])]), weights([to])]);
  const normal = (x: string) => node("LayerNormalization", [x, floats([width], 1), floats([width], 0)]);
  const gelu = (x: string) => {
    const cumulative = node("Add", [node("Erf", [node("Mul", [x, floats([], Math.SQRT1_2)])]), floats([], 1)]);
    return node("Mul", [node("Mul", [x, cumulative]), floats([], 0.5)]);
  };

  const length = node("Gather", [node("Shape", ["input_ids"]), integers([], [1])], { axis: 0 });
  const places = node("Range", [integers([], [0]), length, integers([], [1])]);
  const tokens = node("Gather", [weights([vocabulary, width]), "input_ids"]);
  const typed = node("Add", [tokens, node("Gather", [weights([2, width]), "token_type_ids"])]);
  let x = normal(node("Add", [typed, node("Gather", [weights([positions, width]), places])]));

  const seen = node("Unsqueeze", [node("Cast", ["attention_mask"], { to: float }), integers([2], [1, 2])]);
  const mask = node("Mul", [node("Sub", [floats([], 1), seen]), floats([], -10_000)]);
  const split = integers([4], [0, 0, heads, width / heads]);
  const joined = integers([3], [0, 0, width]);
  const headsOf = (perm: readonly number[]) => node("Transpose", [node("Reshape", [dense(x, width, width), split])], { perm });

  for (let layer = 0; layer < layers; layer++) {
    const scores = node("MatMul", [headsOf([0, 2, 1, 3]), headsOf([0, 2, 3, 1])]);
    const scaled = node("Mul", [scores, floats([], 1 / Math.sqrt(width / heads))]);
    const attention = node("Softmax", [node("Add", [scaled, mask])], { axis: -1 });
    const mixed = node("Transpose", [node("MatMul", [attention, headsOf([0, 2, 1, 3])])], { perm: [0, 2, 1, 3] });
    x = normal(node("Add", [x, dense(node("Reshape", [mixed, joined]), width, width)]));
    x = normal(node("Add", [x, dense(gelu(dense(x, width, feedForward)), feedForward, width)]));
  }
  node("Identity", [x], {}, "last_hidden_state");
  const sides = ["batch", "tokens"];
  return graph.encode({
    inputs: ["input_ids", "attention_mask", "token_type_ids"].map((name) => ({ name, type: integer, sides })),
    output: { name: "last_hidden_state", type: float, sides: [...sides, width] },
  });
}

/** A WordPiece tokenizer of short words. Format: huggingface.co/docs/tokenizers. */
function tokenizerOf(size: number): object {
  const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  const vocabulary = [...special];
  for (const word of words(4)) {
    if (vocabulary.length >= size) break;
    if (word.length < 3) vocabulary.push(`##${word}`);
    vocabulary.push(word);
  }
  const token = (content: string) => ({ SpecialToken: { id: content, type_id: 0 } });
  return {
    version: "1.0",
    added_tokens: special.map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [token("[CLS]"), { Sequence: { id: "A", type_id: 0 } }, token("[SEP]")],
      pair: [
        token("[CLS]"),
        { Sequence: { id: "A", type_id: 0 } },
        token("[SEP]"),
        { Sequence: { id: "B", type_id: 1 } },
        { SpecialToken: { id: "[SEP]", type_id: 1 } },
      ],
      special_tokens: {
        "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
        "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
      },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.slice(0, size).map((word, id) => [word, id])),
    },
  };
}
