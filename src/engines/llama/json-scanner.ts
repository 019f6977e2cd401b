export interface JsonScanner {
  /** Whether the value that the text began with is whole. */
  readonly complete: boolean;
  /** Containers that are open. */
  readonly depth: number;
  readonly inString: boolean;
  /** Reads one UTF-16 unit of a JSON text. What is no JSON is not noticed. */
  push(unit: string): void;
}

/** Follows a JSON text as it is written, just enough to know where its value ends. */
export function createJsonScanner(): JsonScanner {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let begun = false;
  let complete = false;
  return {
    get complete() {
      return complete;
    },
    get depth() {
      return depth;
    },
    get inString() {
      return inString;
    },
    push(unit) {
      if (complete) return;
      if (inString) {
        if (escaped) escaped = false;
        else if (unit === "\\") escaped = true;
        else if (unit === '"') {
          inString = false;
          complete = depth === 0;
        }
        return;
      }
      if (unit === " " || unit === "\n" || unit === "\r" || unit === "\t") {
        complete = begun && depth === 0; // a number or a word ends where white space follows
        return;
      }
      begun = true;
      if (unit === '"') inString = true;
      else if (unit === "{" || unit === "[") depth++;
      else if (unit === "}" || unit === "]") complete = --depth <= 0;
    },
  };
}
