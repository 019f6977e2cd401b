import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { openSqliteDatabase } from "../../src/stores/sqlite/index.ts";
import { createVectorIndexes } from "../../src/vectors/index.ts";
import { servePeer } from "../peer.ts";
import { createVectors } from "./random-vectors.ts";

export interface SearchOptions {
  readonly folder: string;
  readonly count: number;
  readonly dimensions: number;
  readonly nearest: number;
}

export interface Searched {
  readonly seconds: number;
  /** The ids of each query. */
  readonly found: readonly (readonly string[])[];
}

/** Vectors that one write of Vectorize's API takes. */
const perWrite = 1000;

async function start({ folder, count, dimensions, nearest }: SearchOptions) {
  const indexes = createVectorIndexes({ open: () => openSqliteDatabase(join(folder, "vectors.db")) });
  const index = await indexes.create("account", { name: "bench", description: "", dimensions, metric: "cosine" });
  const { vector, query } = createVectors(dimensions);
  let seconds = 0;
  for (let from = 0; from < count; from += perWrite) {
    const made = Array.from({ length: Math.min(perWrite, count - from) }, (_, i) => ({
      id: String(from + i),
      values: [...vector(from + i)],
      namespace: undefined,
      metadata: undefined,
    }));
    const began = performance.now();
    await index.write(made, "insert");
    seconds += (performance.now() - began) / 1000;
  }
  const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);

  return {
    written: () => ({ seconds, bytes: sizes.reduce((sum, size) => sum + size, 0) }),
    async search(queries: number): Promise<Searched> {
      const found: string[][] = [];
      let searching = 0;
      for (let i = 0; i < queries; i++) {
        const near = [...query(i)];
        const began = performance.now();
        const matches = await index.query({
          near,
          topK: nearest,
          namespace: undefined,
          filter: undefined,
          withValues: false,
          withMetadata: "none",
        });
        searching += (performance.now() - began) / 1000;
        found.push(matches.map(({ id }) => id));
      }
      return { seconds: searching, found };
    },
  };
}

export type SearchCommands = Awaited<ReturnType<typeof start>>;
servePeer(start);
