import { readGgufMetadata } from "../engines/llama/index.ts";
import type { LocalModel } from "./local-models.ts";

/**
 * What a GGUF says of itself, as models.json keeps it.
 *
 * @throws Problem where the file is no model
 */
export async function ggufModel(name: string, path: string): Promise<Omit<LocalModel, "path"> & { readonly architecture: string }> {
  const { task, contextTokens, dimensions, parameters, chatTemplate, architecture } = await readGgufMetadata(path);
  return {
    name,
    task,
    architecture,
    ...(contextTokens !== undefined && { contextTokens }),
    ...(dimensions !== undefined && task === "text-embeddings" && { dimensions }),
    ...(parameters > 0 && { parameters: parametersText(parameters) }),
    tools: /\btools\b/.test(chatTemplate ?? ""),
    addedAt: Math.floor(Date.now() / 1000),
  };
}

/** 2 M, 494 M, 7.2 B: as names of models have it. */
function parametersText(parameters: number): string {
  const [size, letter] = parameters >= 1e9 ? [parameters / 1e9, "B"] : [parameters / 1e6, "M"];
  return `${Number(size.toPrecision(size >= 10 ? 3 : 2))}${letter}`;
}
