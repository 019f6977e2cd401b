import type { Result, Statement } from "../index.ts";
import type { Failure } from "./failure.ts";

/** What goes to the thread, answered in the order in which it came. A single statement needs no transaction of its own. */
export type ToThread =
  | { readonly type: "batch"; readonly statements: readonly Statement[] }
  | { readonly type: "query"; readonly statement: Statement }
  | { readonly type: "close" };

/** The first one answers the opening. */
export type FromThread = { readonly results: readonly Result[] } | { readonly failure: Failure };

export interface ThreadData {
  readonly file: string;
}
