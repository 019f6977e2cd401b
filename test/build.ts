import { execFileSync } from "node:child_process";

/** Child processes and the command line run from dist/, so it is built before the first test: about 0.1 s. */
export function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
}
