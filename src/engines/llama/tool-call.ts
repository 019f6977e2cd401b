import { createJsonScanner } from "./json-scanner.ts";

/** What a piece of a call's text says. The pieces of `arguments`, joined, are the JSON text of the arguments. */
export interface CallPiece {
  readonly name?: string;
  readonly arguments?: string;
}

export interface CallReader {
  readonly complete: boolean;
  /** `rest` is what follows the call in the text. */
  push(text: string): { readonly pieces: readonly CallPiece[]; readonly rest: string };
}

/**
 * Reads `{"name": …, "arguments": {…}}` as it is written and says the arguments' text as it comes.
 * The text must be held to this form by a grammar: what is no such call is not noticed.
 */
export function createCallReader(): CallReader {
  const scanner = createJsonScanner();
  let key = "";
  /** The string at depth 1 that is being read, quotes and all: a key, or the value of `name`. */
  let word: string | undefined;
  let afterColon = false;

  function push(text: string): ReturnType<CallReader["push"]> {
    const pieces: CallPiece[] = [];
    let said = "";
    let read = 0;
    for (const unit of text) {
      if (scanner.complete) break;
      read += unit.length;
      const before = scanner.depth;
      const inString = scanner.inString;
      for (let i = 0; i < unit.length; i++) scanner.push(unit.charAt(i));
      const inside = Math.max(before, scanner.depth) > 1;
      if (inside && afterColon && isArguments(key)) said += unit;
      if (before !== 1 || inside) continue;
      if (word !== undefined) {
        word += unit;
        if (scanner.inString) continue;
        const value = String(JSON.parse(word));
        word = undefined;
        if (!afterColon) key = value;
        else if (key === "name") pieces.push({ name: value });
      } else if (!inString && unit === '"') word = unit;
      else if (unit === ":" || unit === ",") afterColon = unit === ":";
    }
    if (said !== "") pieces.push({ arguments: said });
    return { pieces, rest: text.slice(read) };
  }

  return {
    get complete() {
      return scanner.complete;
    },
    push,
  };
}

function isArguments(key: string): boolean {
  return key === "arguments" || key === "parameters";
}

/** A whole call that no grammar held; undefined where the text is no call. */
export function readWholeCall(text: string): { name: string; arguments: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("name" in value) || typeof value.name !== "string") return undefined;
    const given = "arguments" in value ? value.arguments : "parameters" in value ? value.parameters : {};
    return { name: value.name, arguments: typeof given === "string" ? given : JSON.stringify(given) };
  } catch {
    return undefined;
  }
}
