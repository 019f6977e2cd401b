// `npm run gpu`: llama.cpp's builds for the GPUs of this kind of machine, which `npm ci` leaves out because they take 620 MB on Linux.
// They live in .cache/gpu and are linked into node_modules, so that a later `npm ci` does not lose them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const store = join(root, ".cache/gpu");
const scope = "node_modules/@node-llama-cpp";

/** Links the builds that were fetched. Does nothing where none were. */
export function linkGpuBuilds() {
  const from = join(store, scope);
  if (!existsSync(from) || !existsSync(join(root, "node_modules"))) return;
  mkdirSync(join(root, scope), { recursive: true });
  for (const name of readdirSync(from)) {
    const link = join(root, scope, name);
    if (!existsSync(link)) symlinkSync(join(from, name), link, "junction");
  }
}

function fetchGpuBuilds() {
  const { version, optionalDependencies } = JSON.parse(readFileSync(join(root, "node_modules/node-llama-cpp/package.json"), "utf8"));
  const system = { win32: "win", linux: "linux" }[process.platform];
  const ours = new RegExp(`/${system}-${process.arch}-(cuda|cuda-ext|vulkan)$`);
  const names = Object.keys(optionalDependencies).filter((name) => ours.test(name));
  if (names.length === 0) {
    console.log("llama.cpp has no separate GPU builds for this kind of machine; on Apple's, Metal is in the only one");
    return;
  }
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, "package.json"), '{ "private": true }\n');
  const words = ["install", "--no-save", "--no-package-lock", "--ignore-scripts", ...names.map((name) => `${name}@${version}`)];
  const { status } = spawnSync("npm", words, { cwd: store, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) process.exit(1);
  for (const name of names) rmSync(join(root, "node_modules", name), { recursive: true, force: true });
  linkGpuBuilds();
  console.log(`${names.join(", ")} are in ${store}; remove that folder to be without them`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) fetchGpuBuilds();
