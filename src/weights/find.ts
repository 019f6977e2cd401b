import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ModelCard, WeightsSource } from "../core/index.ts";
import { chooseGguf } from "./choose-gguf.ts";
import { chooseOnnx } from "./choose-onnx.ts";
import { type LockedModels, readLockFile } from "./lock-file.ts";
import { repositoryName } from "./names.ts";
import { revisionFolder } from "./places.ts";
import { pathOf, type RepositorySource } from "./pull.ts";

export type WeightsFormat = "gguf" | "onnx";

export interface Lookout {
  readonly dataFolder: string;
  /** Folders that have models as `OWNER/NAME/…` or `NAME/…`, by the names of their repositories. They are only read. */
  readonly folders: readonly string[];
  /** Where Hugging Face's own programs keep what they fetched: `~/.cache/huggingface/hub`. It is only read. */
  readonly hubCache: string | undefined;
  /** What the engines here can run a model from, the best first. */
  readonly formats: (card: ModelCard) => readonly WeightsFormat[];
}

export interface FoundWeights {
  readonly format: WeightsFormat;
  /** As an engine takes it. */
  readonly path: string;
  readonly bytes: number;
  readonly place: "pulled" | "folder" | "hub-cache";
  readonly substitute: string | undefined;
}

/**
 * Finds models' files on this machine: pulled ones, then the operator's folders, then Hugging Face's cache. It sees the disk as it is
 * when it is made, and is cheap to make again.
 *
 * @throws Problem `bad-setting` where the lock file cannot be read
 */
export function createFinder(lookout: Lookout): (card: ModelCard) => FoundWeights | undefined {
  const locked = readLockFile(lookout.dataFolder);
  const cached = new Set(lookout.hubCache === undefined ? [] : namesIn(lookout.hubCache));
  return (card) => {
    const pulled = findPulled(card, lookout, locked);
    if (pulled) return pulled;
    for (const source of sourcesOf(card, lookout.formats(card))) {
      const found = inFolders(source, lookout) ?? inHubCache(source, lookout, cached);
      if (found) return found;
    }
    return undefined;
  };
}

/** The card as engines want it: what is here goes before where it could come from. */
export function withWeights(card: ModelCard, found: FoundWeights | undefined): ModelCard {
  if (!found) return card;
  const { format, path, substitute } = found;
  return { ...card, weights: [{ format, path, ...(substitute !== undefined && { substitute }) }, ...card.weights] };
}

/** The repositories that a model can be pulled from, those first whose names somebody has seen in use. */
export function sourcesOf(card: ModelCard, formats: readonly WeightsFormat[]): RepositorySource[] {
  const sources = formats.flatMap((format) => card.weights.filter((source) => isRepository(source, format)));
  return [...sources.filter(({ confirmed }) => confirmed), ...sources.filter(({ confirmed }) => !confirmed)];
}

function isRepository(source: WeightsSource, format: WeightsFormat): source is RepositorySource {
  return "repository" in source && source.format === format && repositoryName.safeParse(source.repository).success;
}

function findPulled(card: ModelCard, { dataFolder }: Lookout, locked: LockedModels): FoundWeights | undefined {
  const model = Object.hasOwn(locked, card.name) ? locked[card.name] : undefined;
  if (!model) return undefined;
  const folder = revisionFolder(dataFolder, model);
  const isWhole = model.files.every(({ path, bytes }) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === bytes);
  if (!isWhole) return undefined;
  const { format, substitute } = model;
  return { format, path: pathOf(model, folder), bytes: sumOf(model.files), place: "pulled", substitute };
}

function inFolders(source: RepositorySource, { folders }: Lookout): FoundWeights | undefined {
  const name = source.repository.split("/")[1] ?? "";
  const candidates = folders.flatMap((folder) => [join(folder, source.repository), join(folder, name)]);
  return firstOf(candidates, source, "folder");
}

/** `models--OWNER--NAME/snapshots/COMMIT/…`, each file a link to its content. Source: huggingface.co/docs/huggingface_hub/guides/manage-cache. */
function inHubCache(source: RepositorySource, { hubCache }: Lookout, cached: ReadonlySet<string>): FoundWeights | undefined {
  const name = `models--${source.repository.replace("/", "--")}`;
  if (hubCache === undefined || !cached.has(name)) return undefined;
  const folder = join(hubCache, name);
  const current = currentCommit(join(folder, "refs", source.revision ?? "main"));
  const commits = namesIn(join(folder, "snapshots"));
  const ordered = [...commits.filter((commit) => commit === current), ...commits.filter((commit) => commit !== current)];
  return firstOf(
    ordered.map((commit) => join(folder, "snapshots", commit)),
    source,
    "hub-cache",
  );
}

function currentCommit(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

function firstOf(folders: readonly string[], source: RepositorySource, place: FoundWeights["place"]): FoundWeights | undefined {
  const { format, substitute } = source;
  for (const folder of folders) {
    const files = chosenIn(filesIn(folder, ""), source);
    if (files) return { format, path: pathOf({ format, files }, folder), bytes: sumOf(files), place, substitute };
  }
  return undefined;
}

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
}

function chosenIn(files: readonly FoundFile[], { format, file, repository }: RepositorySource): readonly FoundFile[] | undefined {
  if (files.length === 0) return undefined;
  const names = new Set(files.map(({ path }) => path));
  try {
    if (format === "gguf") return chooseGguf(files, { file: file !== undefined && names.has(file) ? file : undefined }, repository);
    return names.has("config.json") || names.has("model_index.json") ? chooseOnnx(files, undefined, repository) : undefined;
  } catch {
    return undefined; // it has something else
  }
}

/** A clone without its large files has small texts in their places, which say where those are. */
const pointerBytes = 200;

function filesIn(folder: string, under: string, depth = 0): FoundFile[] {
  return namesIn(join(folder, under)).flatMap((name) => {
    const path = under === "" ? name : `${under}/${name}`;
    if (name.startsWith(".")) return [];
    const found = statSync(join(folder, path), { throwIfNoEntry: false }); // a link counts as what it leads to
    if (found?.isDirectory()) return depth < 3 ? filesIn(folder, path, depth + 1) : [];
    if (!found?.isFile() || (/\.(gguf|onnx)$/i.test(name) && found.size < pointerBytes)) return [];
    return [{ path, bytes: found.size }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // there is no such folder, or it is not ours to read
  }
}

function sumOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
