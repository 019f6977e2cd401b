import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { ListedFile } from "./listed-file.ts";

/**
 * Reads a file from its start to its end.
 *
 * @returns its SHA-256 where it is the file that was listed
 */
export async function checkedSha256(path: string, { bytes, digest }: ListedFile, signal: AbortSignal): Promise<string | undefined> {
  if ((await stat(path)).size !== bytes) return undefined;
  const sha256 = createHash("sha256");
  const git = digest.startsWith("git:") ? createHash("sha1").update(`blob ${bytes}\0`) : undefined;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20, signal }) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    git?.update(chunk);
  }
  const hex = sha256.digest("hex");
  const found = git ? `git:${git.digest("hex")}` : `sha256:${hex}`;
  return found === digest ? hex : undefined;
}
