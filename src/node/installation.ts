import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json, models/ and dist/: one above the bundle, two above the sources, as tests run them. */
const root = new URL(import.meta.url.endsWith(".ts") ? "../../" : "../", import.meta.url);

/** The version in package.json. */
export function version(): string {
  const { version: found } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { version: string }; // our own file
  return found;
}

/** Where the built-in models are. */
export const shippedModels = fileURLToPath(new URL("models", root));

/** The built script of a child process: `llama-process`. */
export function builtScript(name: string): URL {
  return new URL(`dist/${name}.js`, root);
}

/** How the user can type our name: in a clone there is no `ganglion` on the PATH. */
export function commandName(): string {
  const [, script = "ganglion"] = process.argv;
  if (basename(script) === "ganglion") return "ganglion";
  const path = relative(process.cwd(), script);
  return `node ${path.startsWith("..") ? script : path}`;
}
