import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { Problem } from "../core/index.ts";
import { commit, filePath, repositoryName, sha256Hex } from "./names.ts";
import { lockFileIn, processLockOfLockFile } from "./places.ts";
import { withProcessLock } from "./process-lock.ts";

const lockedModel = z.object({
  format: z.enum(["gguf", "onnx"]),
  repository: repositoryName,
  revision: commit,
  /** As they were asked for; a later revision is chosen from in the same way. */
  quant: z.string().optional(),
  file: filePath.optional(),
  /** As `WeightsSource` has it. */
  substitute: z.string().optional(),
  /** Of a GGUF its parts in their order. */
  files: z.array(z.object({ path: filePath, bytes: z.int().min(0), sha256: sha256Hex })).min(1),
});
/** What a model's name stands for here: these bytes and no others. */
export type LockedModel = z.output<typeof lockedModel>;

const lockFile = z.object({ version: z.literal(1), models: z.record(z.string(), lockedModel) });
export type LockedModels = Readonly<Record<string, LockedModel>>;

/**
 * What was pulled, by model. The file may be handed on: where it is and its models are not, a pull brings the same bytes.
 *
 * @throws Problem `bad-setting` where it is not as it was written
 */
export function readLockFile(dataFolder: string): LockedModels {
  const file = lockFileIn(dataFolder);
  if (!existsSync(file)) return {};
  try {
    return lockFile.parse(JSON.parse(readFileSync(file, "utf8"))).models;
  } catch (thrown) {
    throw new Problem("bad-setting", `${file} cannot be read; mend it, or move it away and pull the models again`, { cause: thrown });
  }
}

/** Whole or not at all, and one change at a time: a server may read it at any moment, and another pull may end in this one. */
export async function changeLockFile(dataFolder: string, change: (models: LockedModels) => LockedModels): Promise<LockedModels> {
  return await withProcessLock(processLockOfLockFile(dataFolder), {}, async () => {
    const models = change(readLockFile(dataFolder));
    const sorted = Object.fromEntries(Object.entries(models).toSorted(([one], [other]) => (one < other ? -1 : 1)));
    const file = lockFileIn(dataFolder);
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, `${JSON.stringify({ version: 1, models: sorted }, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return models;
  });
}
