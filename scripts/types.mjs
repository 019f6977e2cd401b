// Writes the types of what the package exports into dist/types. Only who publishes or checks the examples needs them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const projects = { "src/binding": "dist/types", "src/binding/tools": "dist/types/tools" };

for (const [project, folder] of Object.entries(projects)) {
  const words = ["-p", project, "--outDir", folder, "--composite", "false", "--incremental", "false", "--declaration"];
  const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", ...words], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
