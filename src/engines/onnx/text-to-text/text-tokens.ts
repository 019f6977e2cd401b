import { Tokenizer } from "@huggingface/tokenizers";
import { firstTokens } from "../token-reader.ts";

/** A model's own tokens, to texts and back. */
export interface TextTokens {
  /** Of a text by itself, at most so many. What looks like a special token in it is none. */
  encode(text: string, most?: number): readonly number[];
  /** With the special tokens around it that the model was trained with. */
  framed(ids: readonly number[]): readonly number[];
  /** Without special tokens. */
  decode(ids: readonly number[]): string;
  /** Special tokens by their text. */
  readonly specials: ReadonlyMap<string, number>;
}

interface AddedToken {
  readonly id: number;
  readonly content: string;
}

export interface TokenizerFiles {
  /** Content of tokenizer.json. */
  readonly tokenizer: Readonly<Record<string, unknown>> & { readonly added_tokens?: readonly AddedToken[] | undefined };
  /** Content of tokenizer_config.json. */
  readonly tokenizerConfig: object;
}

/** @throws Error of the library for a tokenizer.json that it cannot use */
export function createTextTokens({ tokenizer: json, tokenizerConfig }: TokenizerFiles): TextTokens {
  const { added_tokens: added = [] } = json;
  // Not known to the tokenizer itself, or a text could hold one.
  const tokenizer = new Tokenizer({ ...json, added_tokens: [] }, tokenizerConfig);
  const specials = new Map(added.map(({ content, id }) => [content, id]));
  const reserved = new Set(specials.values());
  const unknown = tokenizer.model?.unk_token_id ?? 0;
  const plain = (text: string) => tokenizer.tokenize(text, { add_special_tokens: false });
  const idOf = (token: string) => specials.get(token) ?? tokenizer.token_to_id(token) ?? unknown;
  const [before, after] = frameOf(tokenizer);

  return {
    specials,
    encode: (text, most = Infinity) => firstTokens(text, most, plain).map((token) => (reserved.has(idOf(token)) ? unknown : idOf(token))),
    framed: (ids) => [...before.map(idOf), ...ids, ...after.map(idOf)],
    decode(ids) {
      const plainIds = ids.filter((id) => !reserved.has(id));
      return plainIds.length === 0 ? "" : tokenizer.decode([...plainIds]).trim();
    },
  };
}

/** Special tokens before and after a text. */
function frameOf({ post_processor: process }: Tokenizer): [string[], string[]] {
  const mark = "\u0000";
  const tokens = process?.([mark], null, true).tokens ?? [mark];
  const at = tokens.indexOf(mark);
  return [tokens.slice(0, at), tokens.slice(at + 1)];
}
