import { Tiktoken } from "js-tiktoken/lite";
import cl100k from "js-tiktoken/ranks/cl100k_base";

let encoding: Tiktoken | undefined;

/** The text of cl100k_base token ids; undefined if one of them does not exist. Loads a table of 100,000 entries at the first call. */
export function decodeCl100k(ids: readonly number[]): string | undefined {
  encoding ??= new Tiktoken(cl100k);
  try {
    return encoding.decode([...ids]);
  } catch {
    return undefined;
  }
}
