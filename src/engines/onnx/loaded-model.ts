import { join } from "node:path";
import { Problem, type ModelCard } from "../../core/index.ts";
import { createBatcher, type Batcher } from "./batcher.ts";
import { readFolder, type ModelFolder } from "./folder.ts";
import { madeOf, unreadable } from "./model-files.ts";
import { openSession, type Session, type Vectors } from "./session.ts";
import { createTokenReader, type Row, type TokenReader } from "./token-reader.ts";
import type { Loaded, Loader, LoadOptions } from "./work.ts";

/** A model that reads text, in memory. */
export interface LoadedModel extends Loaded {
  readonly folder: ModelFolder;
  readonly read: TokenReader;
  /** Tokens that it reads at most; what is longer is cut. */
  readonly limit: (card: ModelCard) => number;
  readonly outputs: readonly string[];
  readonly batcher: Batcher<Question, Vectors>;
}

/** A row, and the graph's output that answers it. */
export interface Question extends Row {
  readonly output: string;
}

export const textModels: Loader<LoadedModel> = { make: "text", load };

/**
 * Tokens of a batch, for each thread. With more, what the layers make no longer fits a processor's cache: at 2,048 on one thread a text
 * took 1.3 times the CPU time in bge-small's shape and 1.7 times in tiny-embed's (bench/onnx; docs/benchmarks.md).
 */
const batchTokensOfThread = 256;

/** @param card of one of the names under which these files are used */
async function load(card: ModelCard, { threads, batchTokens = batchTokensOfThread * threads, onBatch }: LoadOptions): Promise<LoadedModel> {
  const folder = await readFolder(card);
  const read = madeOf(card.name, "tokenizer.json", () => createTokenReader(folder));
  const session = await openSession({ file: join(folder.path, folder.graph), threads, padId: folder.config.pad_token_id ?? 0 }).catch(
    (thrown: unknown) => {
      throw thrown instanceof Problem ? thrown : unreadable(card.name, folder.graph, thrown);
    },
  );
  return {
    folder,
    bytes: folder.bytes,
    read,
    limit: (user) => limitOf(user, folder),
    outputs: session.outputs,
    batcher: createBatcher({ model: card.name, compute: (questions) => answers(session, questions), batchTokens, onBatch }),
    release: () => session.release(),
  };
}

async function answers(session: Session, questions: readonly Question[]): Promise<Vectors[]> {
  const made = await session.run(questions, [...new Set(questions.map(({ output }) => output))]);
  return questions.map(({ output }, i) => {
    const vectors = made[i]?.[output];
    if (vectors) return vectors;
    throw new Error(`no output ${output}`);
  });
}

/** The least of what the card, the tokenizer and the network say. */
function limitOf({ contextTokens }: ModelCard, { config, tokenizerConfig }: ModelFolder): number {
  // These families count positions from after the padding's.
  const before = /roberta|camembert|mpnet/.test(config.model_type ?? "") ? 2 : 0;
  const said = [
    contextTokens,
    tokenizerConfig.model_max_length ?? undefined,
    typeof config.max_position_embeddings === "number" ? config.max_position_embeddings - before : undefined,
  ].filter((limit): limit is number => limit !== undefined && limit > 0);
  return said.length > 0 ? Math.min(...said) : 512;
}
