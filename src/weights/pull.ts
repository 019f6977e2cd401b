import { join } from "node:path";
import { Problem, type WeightsSource } from "../core/index.ts";
import { type Patience, usualPatience } from "./attempts.ts";
import { type BringOptions, bringFiles } from "./bring-files.ts";
import { chooseGguf } from "./choose-gguf.ts";
import { chooseOnnx } from "./choose-onnx.ts";
import { createHub } from "./hub.ts";
import type { HubAddress } from "./hub-requests.ts";
import type { ListedFile } from "./listed-file.ts";
import { changeLockFile, type LockedModel, readLockFile } from "./lock-file.ts";
import { filePath, repositoryName } from "./names.ts";
import { processLockOf, repositoryFolder, revisionFolder } from "./places.ts";
import { withProcessLock } from "./process-lock.ts";
import { removeEmptyFolders, removeUnused } from "./remove.ts";
import { type Piecework, usualPiecework } from "./unfinished-file.ts";

export type RepositorySource = Extract<WeightsSource, { repository: string }> & { readonly format: "gguf" | "onnx" };

export interface PullOrder {
  /** The card's name: what the lock file keeps it under. */
  readonly model: string;
  /** In the order in which they are tried. */
  readonly sources: readonly RepositorySource[];
  /** Other numbers than the usual ones: `Q8_0` of a GGUF, `q8` or `fp16` of ONNX. */
  readonly quant?: string | undefined;
  /** Ask the hub again, where the lock file already has the model: for its newest revision, or because `sources` or `quant` are new. */
  readonly anew?: boolean | undefined;
}

export interface PullSettings {
  readonly dataFolder: string;
  readonly hub: HubAddress;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: PullEvent) => void;
  readonly patience?: Patience;
  readonly piecework?: Piecework;
}

export type PullEvent =
  /** This repository was not to be had, and the next one is asked. */
  | { readonly type: "passed-over"; readonly repository: string; readonly why: string }
  /** What will be here in the end, and whether the lock file said so. */
  | {
      readonly type: "chosen";
      readonly repository: string;
      readonly revision: string;
      readonly files: readonly ListedFile[];
      readonly locked: boolean;
    }
  /** Another process fetches from the same repository. */
  | { readonly type: "waiting"; readonly repository: string }
  | { readonly type: "progress"; readonly bytes: number; readonly totalBytes: number }
  | { readonly type: "retrying"; readonly why: string; readonly seconds: number }
  | { readonly type: "checking"; readonly path: string };

export interface Pulled extends LockedModel {
  /** What an engine takes: the GGUF file or its first part, or the folder. */
  readonly path: string;
  readonly bytes: number;
  /** Of them, what came over the network this time. */
  readonly fetchedBytes: number;
}

/** What is to be fetched, and from where. */
interface Plan extends Omit<LockedModel, "files"> {
  readonly files: readonly ListedFile[];
}

/**
 * Brings a model's files and writes them into the lock file. What the lock file has is brought exactly as it says; a model that is new
 * to it comes from the first of its sources that the hub gives out.
 *
 * @throws Problem which says what to do; what was fetched until then waits for the next pull
 * @throws the signal's reason when it is aborted
 */
export async function pullWeights(order: PullOrder, settings: PullSettings): Promise<Pulled> {
  const { dataFolder, onEvent, signal, patience = usualPatience, piecework = usualPiecework } = settings;
  const locked = readLockFile(dataFolder)[order.model];
  const hub = createHub(settings.hub);
  const options: PullOptions = {
    dataFolder,
    hub,
    patience,
    piecework,
    signal: signal ?? new AbortController().signal,
    onRetry: (why, seconds) => onEvent?.({ type: "retrying", why: why.message, seconds }),
    onProgress: (bytes, totalBytes) => onEvent?.({ type: "progress", bytes, totalBytes }),
    onCheck: (path) => onEvent?.({ type: "checking", path }),
    onEvent,
  };
  try {
    if (locked && !order.anew) return await carryOut(planOf(locked), order, options, true);
    const pulled = await pullFromSources(order, options);
    if (locked) await removeUnused(dataFolder, locked.repository, { unfinished: false });
    return pulled;
  } finally {
    await hub.close();
  }
}

interface PullOptions extends BringOptions {
  readonly onEvent: PullSettings["onEvent"];
}

async function pullFromSources(order: PullOrder, options: PullOptions): Promise<Pulled> {
  const refusals: Problem[] = [];
  for (const source of order.sources) {
    try {
      return await carryOut(await planFrom(source, order, options), order, options, false);
    } catch (thrown) {
      if (!(thrown instanceof Problem) || !["not-found", "forbidden"].includes(thrown.code)) throw thrown;
      refusals.push(thrown);
      if (refusals.length < order.sources.length) {
        options.onEvent?.({ type: "passed-over", repository: source.repository, why: thrown.message });
      }
    }
  }
  const [only] = refusals;
  if (only && refusals.length === 1) throw only;
  const reasons = refusals.map(({ message }) => message).join("; ");
  throw new Problem("not-found", `none of the repositories of ${order.model} can be had: ${reasons}`);
}

function planOf({ files, ...rest }: LockedModel): Plan {
  return { ...rest, files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, digest: `sha256:${sha256}` })) };
}

async function planFrom(source: RepositorySource, { quant }: PullOrder, options: PullOptions): Promise<Plan> {
  const { format, repository, file, substitute } = source;
  checkName(repository, repositoryName.safeParse(repository).success);
  if (file !== undefined) checkName(file, filePath.safeParse(file).success);
  const { revision, files: all } = await options.hub.list(repository, source.revision, { ...options, patience: listingPatience(options) });
  const files = format === "gguf" ? chooseGguf(all, { file, quant }, repository) : chooseOnnx(all, quant, repository);
  if (new Set(files.map(({ path }) => path.toLowerCase())).size < files.length) {
    throw new Problem("not-found", `${repository} has files whose names differ only in case, which not every disk can tell apart`);
  }
  const wish = quant !== undefined ? { quant } : file !== undefined ? { file } : {};
  return { format, repository, revision, files, ...wish, ...(substitute !== undefined && { substitute }) };
}

/** Nothing has come yet that would be worth waiting for, and who has no network wants to know it soon. */
function listingPatience({ patience }: PullOptions): Patience {
  return { ...patience, tries: Math.min(3, patience.tries) };
}

function checkName(name: string, isGood: boolean): void {
  if (!isGood)
    throw new Problem("bad-input", `${JSON.stringify(name.slice(0, 200))} is no name on a model hub: OWNER/NAME, or a file's path`);
}

async function carryOut(plan: Plan, order: PullOrder, options: PullOptions, isLocked: boolean): Promise<Pulled> {
  const { dataFolder, onEvent, signal } = options;
  const { repository, revision } = plan;
  onEvent?.({ type: "chosen", repository, revision, files: plan.files, locked: isLocked });
  const onWait = () => onEvent?.({ type: "waiting", repository });
  return await withProcessLock(processLockOf(dataFolder, repository), { signal, onWait }, async () => {
    try {
      const { files, fetchedBytes } = await bringFiles(plan, options);
      const model: LockedModel = { ...plan, files };
      await changeLockFile(dataFolder, (models) => ({ ...models, [order.model]: model }));
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      return { ...model, path: pathOf(model, revisionFolder(dataFolder, model)), bytes, fetchedBytes };
    } finally {
      await removeEmptyFolders(repositoryFolder(dataFolder, repository));
    }
  });
}

/** Where a locked model came from, to choose from its repository again. */
export function sourceOf({ format, repository, file, substitute }: LockedModel): RepositorySource {
  return { format, repository, confirmed: true, ...(file !== undefined && { file }), ...(substitute !== undefined && { substitute }) };
}

/** A model's path as engines take it. */
export function pathOf(
  { format, files }: { readonly format: string; readonly files: readonly { path: string }[] },
  folder: string,
): string {
  const [first] = files;
  return format === "gguf" && first ? join(folder, first.path) : folder;
}
