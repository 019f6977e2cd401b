// Writes the pages that are generated from the code; with --check, fails where a page differs instead.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = mkdtempSync(join(process.cwd(), ".cache-docs-"));
try {
  const outfile = join(folder, "pages.mjs");
  await build({
    entryPoints: ["src/node/pages.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "warning",
  });
  const { pages } = await import(pathToFileURL(outfile).href);
  const { version } = json("package.json");
  const seen = readdirSync("test/clients/seen").map((file) => json(join("test/clients/seen", file)));
  const stale = Object.entries(pages(version, seen)).filter(([file, text]) => {
    const before = readOr(file);
    if (before !== text && !process.argv.includes("--check")) writeFileSync(file, text);
    return before !== text;
  });
  for (const [file] of stale)
    console.log(process.argv.includes("--check") ? `${file} is not what the code says; run npm run docs` : `wrote ${file}`);
  if (stale.length > 0 && process.argv.includes("--check")) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function json(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

function readOr(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
