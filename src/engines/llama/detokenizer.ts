import type { LlamaModel, Token } from "node-llama-cpp";

export interface Detokenizer {
  /** The text that became certain with this token: whole characters only. */
  push(token: Token): string;
  /** What is left when no token follows. Half a character at the end is no text and is left out. */
  end(): string;
}

/** A character of four bytes may come as four tokens; what is still broken after so many tokens will not be mended. */
const longestCharacter = 4;
const replacement = "\ufffd";

/**
 * Turns tokens into text as they come.
 *
 * @param before the tokens that the answer continues: they decide whether it begins with a space
 * @param visible texts of control tokens that are shown; all others are silent
 */
export function createDetokenizer(model: LlamaModel, before: readonly Token[], visible: ReadonlySet<string>): Detokenizer {
  let last = before.slice(-3);
  let pending: Token[] = [];

  function take(text: string): string {
    last = [...last, ...pending].slice(-3);
    pending = [];
    return text;
  }

  return {
    push(token) {
      if (model.isSpecialToken(token)) {
        const name = model.detokenize([token], true);
        const rest = this.end();
        last = [...last, token].slice(-3);
        return visible.has(name) ? rest + name : rest;
      }
      pending.push(token);
      const text = model.detokenize(pending, false, last);
      if (text.endsWith(replacement) && pending.length < longestCharacter) return "";
      return take(text);
    },
    end() {
      if (pending.length === 0) return "";
      const text = model.detokenize(pending, false, last);
      return take(text.endsWith(replacement) ? text.slice(0, text.indexOf(replacement)) : text);
    },
  };
}
