import { Problem, type ModelCard, type NeededFile } from "../../core/index.ts";

/**
 * The GGUF on disk that a card names.
 *
 * @throws Problem weights-missing, which names what to bring
 */
export function ggufOf(model: ModelCard): string {
  for (const source of model.weights) if ("path" in source && source.format === "gguf") return source.path;
  throw weightsMissing(
    model.name,
    model.weights.flatMap((source) => ("repository" in source && source.format === "gguf" ? [{ name: source.repository }] : [])),
  );
}

export function weightsMissing(name: string, files: readonly NeededFile[]): Problem {
  return new Problem(
    "weights-missing",
    `the weights of ${name} are not here; put its GGUF file on this machine and name it with ganglion add`,
    {
      details: { files },
    },
  );
}
