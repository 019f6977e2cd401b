// `npm test`: whatever a fresh clone lacks, and then the tests. `npm test -- src/core` runs some of them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./ensure.mjs";

ensureInstalled({ dev: true });
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status, signal } = spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = signal ? 130 : (status ?? 1);
