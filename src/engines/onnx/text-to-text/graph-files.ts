import { join } from "node:path";
import { Problem, type ModelCard } from "../../../core/index.ts";
import { openGraph, type Graph } from "../graph.ts";
import { missing, unreadable, type ModelFiles } from "../model-files.ts";
import type { DecoderGraphs } from "./decoder.ts";

/** The graphs of an encoder and a decoder, open. */
export interface EncoderAndDecoder {
  readonly encoder: Graph;
  readonly decoder: DecoderGraphs;
  /** Of their files. */
  readonly bytes: number;
  release(): Promise<void>;
}

/**
 * In `onnx/` or in the folder itself: one decoder that is merged, else one for the first token and one for those after it.
 *
 * @throws Problem weights-missing or engine-failed, which name the file
 */
export async function openEncoderAndDecoder(files: ModelFiles, { name }: ModelCard, threads: number): Promise<EncoderAndDecoder> {
  const find = async (stem: string) => (await files.graph(`onnx/${stem}`)) ?? (await files.graph(stem));
  const encoderFile = await find("encoder_model");
  const merged = await find("decoder_model_merged");
  const decoderFiles = merged === undefined ? [await find("decoder_model"), await find("decoder_with_past_model")] : [merged];
  const absent = [
    ...(encoderFile === undefined ? ["onnx/encoder_model.onnx"] : []),
    ...(decoderFiles.includes(undefined) ? ["onnx/decoder_model_merged.onnx"] : []),
    ...((await files.has("tokenizer.json")) ? [] : ["tokenizer.json"]),
  ];
  if (absent.length > 0) throw missing(name, absent, whole);

  const open: Graph[] = [];
  const release = async () => {
    for (const graph of open) await graph.release();
  };
  const openFile = async (file: string): Promise<Graph> => {
    try {
      const graph = await openGraph(join(files.path, file), threads);
      open.push(graph);
      return graph;
    } catch (thrown) {
      await release();
      throw thrown instanceof Problem ? thrown : unreadable(name, file, thrown);
    }
  };
  const [encoderPath = "", decoderPath = "", nextPath] = [encoderFile, ...decoderFiles];
  const encoder = await openFile(encoderPath);
  const first = await openFile(decoderPath);
  const decoder: DecoderGraphs = nextPath === undefined ? [first] : [first, await openFile(nextPath)];
  const bytes = await Promise.all([encoderFile, ...decoderFiles].map((file) => files.bytes(file ?? "")));
  return { encoder, decoder, bytes: bytes.reduce((sum, size) => sum + size, 0), release };
}

const whole = "onnx/encoder_model.onnx, onnx/decoder_model_merged.onnx, tokenizer.json, config.json and generation_config.json";
