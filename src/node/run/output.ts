import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { Problem } from "../../core/index.ts";
import { sizeText } from "../../weights/index.ts";
import { print } from "./asked.ts";

/**
 * Writes what a model made, and says where: to the file that was named, else beside the user under a name that nothing has yet.
 *
 * @param name `picture.png`
 * @throws Problem where it cannot be written
 */
export function writeOutput(bytes: Uint8Array, asked: string | undefined, name: string): void {
  if (asked === "-") return void process.stdout.write(bytes);
  const path = asked === undefined ? writeNew(bytes, name) : write(bytes, asked, "w");
  if (path === undefined) throw new Problem("bad-input", `${asked ?? name} cannot be written: another --output can`);
  print(process.stdout.isTTY ? `${path} (${sizeText(bytes.length)})` : path);
}

/** `picture.png`, `picture-2.png`, … */
function writeNew(bytes: Uint8Array, name: string): string | undefined {
  const end = extname(name);
  for (let count = 1; count < 10_000; count++) {
    const path = count === 1 ? name : `${name.slice(0, -end.length)}-${count}${end}`;
    const written = write(bytes, path, "wx");
    if (written !== "exists") return written;
  }
  return undefined;
}

function write(bytes: Uint8Array, path: string, flag: "w" | "wx"): string | undefined {
  try {
    writeFileSync(path, bytes, { flag });
    return path;
  } catch (thrown) {
    const exists = thrown instanceof Error && Reflect.get(thrown, "code") === "EEXIST";
    return exists ? "exists" : undefined;
  }
}
