// What a fresh clone lacks is installed and built by the first command that needs it; afterwards these checks take milliseconds.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { linkGpuBuilds } from "./gpu.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Installs packages where node_modules lacks any that package-lock.json names. `dev`: those of the tests as well. */
export function ensureInstalled({ dev = false } = {}) {
  const missing = missingPackage(dev);
  if (missing !== undefined) {
    console.log(`installing packages (${missing}) ...`);
    run([...npm(), "ci", ...(dev ? [] : ["--omit=dev"]), "--no-audit", "--no-fund"]);
  }
  linkGpuBuilds();
}

/** Builds dist/ where it is missing or older than a source. */
export function ensureBuilt() {
  const built = modifiedAt("dist/ganglion.js");
  const sources = ["package.json", "scripts/build.mjs", ...filesIn("src")];
  if (built > 0 && sources.every((file) => modifiedAt(file) <= built)) return;
  run([process.execPath, join(root, "scripts/build.mjs")]);
}

/** What package-lock.json names and the list that npm keeps of what it installed does not have. */
function missingPackage(dev) {
  const wanted = packagesIn("package-lock.json");
  const installed = packagesIn("node_modules/.package-lock.json");
  if (!installed) return "none are here";
  for (const [path, { version, optional, devOptional, dev: onlyDev, link }] of Object.entries(wanted)) {
    if (path === "" || link || optional || devOptional || (onlyDev && !dev)) continue;
    if (installed[path]?.version !== version) return `${path.replace(/^.*node_modules\//, "")} ${version} is missing`;
  }
  return undefined;
}

function packagesIn(file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined;
}

/** The npm that runs this script, else the one on the PATH. */
function npm() {
  const path = process.env.npm_execpath;
  return path && /npm-cli\.c?js$/.test(path) ? [process.execPath, path] : [process.platform === "win32" ? "npm.cmd" : "npm"];
}

function run([command, ...words]) {
  const { status, signal, error } = spawnSync(command, words, { cwd: root, stdio: "inherit", shell: command.endsWith(".cmd") });
  if (error) console.error(`${command} cannot be started: ${error.message}`);
  if (signal) process.exit(130);
  if (status !== 0) process.exit(1);
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function modifiedAt(file) {
  return statSync(file.startsWith(root) ? file : join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
