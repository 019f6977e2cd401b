import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type * as z from "zod";
import { Problem, type ModelCard } from "../../core/index.ts";

/** The files of a model on this machine. Paths are relative to its folder and written with "/". */
export interface ModelFiles {
  /** Absolute, or relative to the working directory, as the card has it. */
  readonly path: string;
  has(file: string): Promise<boolean>;
  /** The content of a JSON file, or undefined where there is none. @throws Problem engine-failed for one that cannot be read */
  json<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S> | undefined>;
  text(file: string): Promise<string | undefined>;
  /** The graph of this name in whatever precision there is, the most exact first: `unet/model` is `unet/model.onnx`, or `unet/model_fp16.onnx`. */
  graph(name: string): Promise<string | undefined>;
  /** Of a graph and of the weights that large graphs have beside them: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`. */
  bytes(graph: string): Promise<number>;
}

/** How a graph's numbers are written, by the end of its name; the most exact first. Others come after these. */
const precisions = ["", "_fp16", "_quantized", "_int8", "_uint8"];

/** @throws Problem weights-missing for a card that names no folder */
export function filesOf(model: ModelCard): ModelFiles {
  const path = folderOf(model);
  const at = (file: string) => join(path, file);

  async function text(file: string): Promise<string | undefined> {
    if ((await sizeOf(at(file))) === undefined) return undefined;
    return readFile(at(file), "utf8").catch((thrown: unknown) => {
      throw unreadable(model.name, file, thrown);
    });
  }

  return {
    path,
    text,
    has: async (file) => (await sizeOf(at(file))) !== undefined,
    async json(file, schema) {
      const content = await text(file);
      if (content === undefined) return undefined;
      try {
        return schema.parse(JSON.parse(content));
      } catch (thrown) {
        throw unreadable(model.name, file, thrown);
      }
    },
    async graph(name) {
      const [folder, stem] = splitAt(name, name.lastIndexOf("/") + 1);
      const endings = (await filesIn(at(folder))).flatMap((file) =>
        file.startsWith(stem) && /^(?:_[a-z0-9]+)*\.onnx$/.test(file.slice(stem.length)) ? [file.slice(stem.length, -".onnx".length)] : [],
      );
      const [best] = endings.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
      return best === undefined ? undefined : `${name}${best}.onnx`;
    },
    async bytes(graph) {
      const [folder, file] = splitAt(graph, graph.lastIndexOf("/") + 1);
      const beside = (await filesIn(at(folder))).filter((name) => name.startsWith(file));
      const sizes = await Promise.all(beside.map((name) => sizeOf(at(folder + name))));
      return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    },
  };
}

/** @throws Problem weights-missing */
export function folderOf(model: ModelCard): string {
  for (const source of model.weights) if ("path" in source && source.format === "onnx") return source.path;
  throw missing(
    model.name,
    model.weights.flatMap((source) => ("repository" in source && source.format === "onnx" ? [source.repository] : [])),
  );
}

/** @param files that are not there @param whole what a folder of such a model holds, in words */
export function missing(name: string, files: readonly string[], whole = "onnx/model.onnx, tokenizer.json and config.json"): Problem {
  const what = files.length > 0 ? `: ${files.join(", ")}` : "";
  return new Problem(
    "weights-missing",
    `the ONNX files of ${name} are not here${what}; put a folder with ${whole} on this machine and name it with ganglion add`,
    { details: { files: files.map((file) => ({ name: file })) } },
  );
}

export function unreadable(name: string, file: string, cause: unknown): Problem {
  return new Problem("engine-failed", `${file} of ${name} cannot be read; bring that file again`, { cause });
}

/** What is made of a file. @throws Problem engine-failed in the place of what `make` throws */
export function madeOf<T>(name: string, file: string, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    throw unreadable(name, file, thrown);
  }
}

/** What is null in one file may be said in another. */
export function notNull<T extends object>(settings: T): Partial<T> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)) as Partial<T>; // a part of it
}

function splitAt(text: string, at: number): readonly [string, string] {
  return [text.slice(0, at), text.slice(at)];
}

function rank(ending: string): number {
  return precisions.includes(ending) ? precisions.indexOf(ending) : precisions.length;
}

async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}
