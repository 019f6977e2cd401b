import { execFileSync } from "node:child_process";
import { copyFileSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Row, Suite } from "../suite.ts";

const megabyte = 1e6;

/** What `npm ci --omit=dev` downloads and leaves on the disk. It needs the registry, so `--quick` leaves it out. */
export const install: Suite = async ({ folder: parent, quick, progress }) => {
  if (quick) return { rows: [] };
  progress("install: npm ci --omit=dev");
  const folder = mkdtempSync(join(parent, "install-"));
  for (const file of ["package.json", "package-lock.json", ".npmrc"]) copyFileSync(file, join(folder, file));
  const npm = process.env["npm_execpath"];
  const [command, ...words] = npm === undefined ? ["npm"] : [process.execPath, npm];
  execFileSync(command ?? "npm", [...words, "ci", "--omit=dev", "--cache", join(folder, "cache")], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });

  const modules = join(folder, "node_modules");
  const packages = readdirSync(modules).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  );
  const sizes = packages.map((name) => ({ name, bytes: bytesIn(join(modules, name)) })).toSorted((a, b) => b.bytes - a.bytes);
  const rows: Row[] = [
    row("first start", "downloaded", bytesIn(join(folder, "cache", "_cacache", "content-v2"))),
    row("first start", "node_modules on disk", bytesIn(modules)),
    row("first start", "models that come with it", bytesIn("models")),
    ...sizes.slice(0, 5).map(({ name, bytes }) => row("largest packages", name, bytes)),
  ];
  rmSync(folder, { recursive: true });
  return { rows, samples: sizes };
};

function row(of: string, what: string, bytes: number): Row {
  return { of, what, unit: "MB", rounds: [bytes / megabyte] };
}

function bytesIn(path: string): number {
  const entry = lstatSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
