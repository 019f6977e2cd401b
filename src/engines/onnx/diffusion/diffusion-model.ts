import { join } from "node:path";
import { Problem, type ModelCard } from "../../../core/index.ts";
import { openGraph, type Graph, type Values } from "../graph.ts";
import { unreadable } from "../model-files.ts";
import { createTurns, type Turns } from "../turns.ts";
import type { Loaded, Loader, LoadOptions } from "../work.ts";
import { createClipReader } from "./clip-reader.ts";
import { readDiffusionFolder, type DiffusionFolder } from "./diffusion-folder.ts";
import { createPromptReader, type PromptReader } from "./prompt-reader.ts";

/** A model that draws, in memory. */
export interface DiffusionModel extends Loaded {
  readonly folder: DiffusionFolder;
  readonly readPrompt: PromptReader;
  readonly unet: Graph;
  readonly decoder: Graph;
  /** Loaded at its first use: who draws from words alone does not need it. @throws Problem weights-missing where there is none */
  encoder(): Promise<Graph>;
  /** All that computes takes turns, a step at a time, so that drawings go on side by side. */
  readonly turns: Turns;
}

export const diffusionModels: Loader<DiffusionModel> = { make: "diffusion", load };

async function load(card: ModelCard, { threads }: LoadOptions): Promise<DiffusionModel> {
  const folder = await readDiffusionFolder(card);
  const { files, graphs } = folder;
  const opened: Promise<Graph>[] = [];
  const open = (file: string) => {
    const graph = openGraph(join(files.path, file), threads).catch((thrown: unknown) => {
      throw unreadable(card.name, file, thrown);
    });
    opened.push(graph);
    return graph;
  };
  async function release(): Promise<void> {
    await Promise.all(opened.map((graph) => graph.then((one) => one.release()).catch(() => {}))); // what did not open holds nothing
  }
  try {
    // One after the other: opening a large graph takes twice its memory for a moment.
    const readers: { read: Awaited<ReturnType<typeof createClipReader>>; graph: Graph }[] = [];
    for (const { graph, tokenizer } of folder.textEncoders)
      readers.push({ read: await createClipReader(files, tokenizer), graph: await open(graph) });
    const unet = await open(graphs.unet);
    const decoder = await open(graphs.vae_decoder);
    let encoder: Promise<Graph> | undefined;
    return {
      folder,
      bytes: folder.bytes,
      readPrompt: createPromptReader(readers),
      unet,
      decoder,
      encoder: () => (encoder ??= graphs.vae_encoder === undefined ? Promise.reject(noEncoder(card.name)) : open(graphs.vae_encoder)),
      turns: createTurns(),
      release,
    };
  } catch (thrown) {
    await release();
    throw thrown;
  }
}

function noEncoder(name: string): Problem {
  return new Problem(
    "weights-missing",
    `${name} has no vae_encoder/model.onnx, which it needs to begin from a picture; it draws from words alone`,
    {
      details: { files: [{ name: "vae_encoder/model.onnx" }] },
    },
  );
}

/** Runs a graph of one input under whatever name its exporter gave it. */
export async function runSimple(graph: Graph, values: Values): Promise<Values> {
  const [input = ""] = graph.inputs.keys();
  const [output = ""] = graph.outputs;
  const made = (await graph.run({ [input]: values }, [output]))[output];
  if (!made) throw new Problem("engine-failed", "a graph made nothing");
  return made;
}
