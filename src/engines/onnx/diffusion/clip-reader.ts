import { Tokenizer } from "@huggingface/tokenizers";
import * as z from "zod";
import type { ModelFiles } from "../model-files.ts";

/** A prompt as CLIP reads it: its beginning mark, its tokens, its end mark, and padding up to a fixed length. */
export type ClipReader = (prompt: string) => readonly number[];

const token = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);
const configSchema = z.looseObject({
  model_max_length: z.int().min(3).max(10_000).optional().catch(undefined),
  bos_token: token.default("<|startoftext|>"),
  eos_token: token.default("<|endoftext|>"),
  pad_token: token.default("<|endoftext|>"),
});

/** Characters that are looked at for each token that there is room for; what needs more is white space. */
const charactersPerToken = 64;

/** The files of a reader that are not there; none: it can be made. */
export async function absentFiles(files: ModelFiles, folder: string): Promise<readonly string[]> {
  if (await files.has(`${folder}/tokenizer.json`)) return [];
  const needed = ["vocab.json", "merges.txt"].map((name) => `${folder}/${name}`);
  const there = await Promise.all(needed.map((file) => files.has(file)));
  return needed.filter((_, i) => !there[i]);
}

/** @param folder of a tokenizer: tokenizer.json, or vocab.json and merges.txt as Stable Diffusion's own exports have */
export async function createClipReader(files: ModelFiles, folder: string): Promise<ClipReader> {
  const config = (await files.json(`${folder}/tokenizer_config.json`, configSchema)) ?? configSchema.parse({});
  const vocabulary = await files.json(`${folder}/vocab.json`, z.record(z.string(), z.int()));
  const merges = await files.text(`${folder}/merges.txt`);
  const whole = await files.json(`${folder}/tokenizer.json`, z.looseObject({}));
  const tokenizer = new Tokenizer(whole ?? tokenizerOf(vocabulary ?? {}, merges ?? "", config), config);
  const length = Math.min(config.model_max_length ?? 77, 77);
  const idOf = (name: string) => tokenizer.token_to_id(name) ?? 0;
  const [start, end, padding] = [idOf(config.bos_token), idOf(config.eos_token), idOf(config.pad_token)];

  return (prompt) => {
    const read: string[] = tokenizer.tokenize(prompt.slice(0, length * charactersPerToken), { add_special_tokens: false });
    const ids = [start, ...read.slice(0, length - 2).map((name) => tokenizer.token_to_id(name) ?? end), end];
    return [...ids, ...Array.from({ length: length - ids.length }, () => padding)];
  };
}

/** CLIP's way of reading, in the form that the library takes. Source: openai/clip-vit-large-patch14, tokenizer.json. */
function tokenizerOf(vocab: Readonly<Record<string, number>>, merges: string, config: z.output<typeof configSchema>): object {
  const special = [...new Set([config.bos_token, config.eos_token, config.pad_token])].flatMap((content) =>
    vocab[content] === undefined ? [] : [{ id: vocab[content], content, special: true, normalized: true }],
  );
  const words = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
  return {
    version: "1.0",
    added_tokens: special.filter(({ content }) => content.startsWith("<|")),
    normalizer: {
      type: "Sequence",
      normalizers: [{ type: "NFC" }, { type: "Replace", pattern: { Regex: String.raw`\s+` }, content: " " }, { type: "Lowercase" }],
    },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: words }, behavior: "Removed", invert: true },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: null,
    decoder: null,
    model: {
      type: "BPE",
      unk_token: config.eos_token,
      continuing_subword_prefix: "",
      end_of_word_suffix: "</w>",
      fuse_unk: false,
      vocab,
      merges: merges.split("\n").filter((line) => line !== "" && !line.startsWith("#version")),
    },
  };
}
