// @ts-expect-error -- a script without types
import { ensureBuilt } from "../scripts/ensure.mjs";

/** Child processes and the command line run from dist/, so it is built before the first test, if a source is newer: about 0.1 s. */
export function setup(): void {
  ensureBuilt();
}
