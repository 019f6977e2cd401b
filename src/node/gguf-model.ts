import { type ModelCard, Problem } from "../core/index.ts";
import { readGgufMetadata } from "../engines/llama/index.ts";
import type { LocalModel } from "./local-models.ts";

/** @throws Problem `bad-input` for a name that cannot be one, or that another model has */
export function checkNewName(name: string, other: ModelCard | undefined): void {
  if (!/^@?[\w.-]+(\/[\w.:-]+)*$/.test(name) || name.length > 200) {
    throw new Problem("bad-input", `${JSON.stringify(name)} is no model name: use letters, digits, and - _ . / such as @me/my-model`);
  }
  if (other) throw new Problem("bad-input", `there is a model ${other.name} already; give yours another name`);
}

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
    // The templates of Llama Guard hold the list of what is not safe; of other models nobody asks that.
    ...(/unsafe content categories/i.test(chatTemplate ?? "") && { moderation: true }),
    addedAt: Math.floor(Date.now() / 1000),
  };
}

/** 2 M, 494 M, 7.2 B: as names of models have it. */
function parametersText(parameters: number): string {
  const [size, letter] = parameters >= 1e9 ? [parameters / 1e9, "B"] : [parameters / 1e6, "M"];
  return `${Number(size.toPrecision(size >= 10 ? 3 : 2))}${letter}`;
}
