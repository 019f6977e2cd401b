import { Problem } from "../core/index.ts";
import { type Database, migrate, numberIn, type Row, textIn } from "../stores/index.ts";
import { openIndex } from "./open-index.ts";
import { migrations } from "./schema.ts";
import type { Metric, NewVectorIndex, VectorIndex, VectorIndexes } from "./vector-indexes.ts";

export interface VectorIndexesOptions {
  /** A file of its own; opened when the first index is asked for. */
  readonly open: () => Promise<Database>;
  /** Whether the first write to a name that nobody declared makes an index, by cosine: for development without a setup. */
  readonly makeThemselves?: boolean;
  readonly now?: () => number;
  /** A UUID. */
  readonly newId?: () => string;
}

export interface ClosableVectorIndexes extends VectorIndexes {
  close(): Promise<void>;
}

/** A search reads every vector; mapped into memory, up to so many bytes of the file, that takes two thirds of the time. */
const mapMemory = `PRAGMA mmap_size = 8000000000`;

const ofAccount = `SELECT * FROM vector_indexes WHERE account_id = ? ORDER BY name`;
const ofName = `SELECT * FROM vector_indexes WHERE account_id = ? AND name = ?`;
const insertIndex = `INSERT INTO vector_indexes (account_id, name, description, dimensions, metric, makes_itself, created_at, modified_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

export function createVectorIndexes(options: VectorIndexesOptions): ClosableVectorIndexes {
  const { open, makeThemselves = false, now = Date.now, newId = () => crypto.randomUUID() } = options;
  let opened: Promise<Database> | undefined;

  function database(): Promise<Database> {
    opened ??= (async () => {
      const fresh = await open();
      await fresh.query(mapMemory);
      await migrate(fresh, migrations);
      return fresh;
    })().catch((thrown: unknown) => {
      opened = undefined;
      throw thrown;
    });
    return opened;
  }

  async function find(accountId: string, name: string) {
    const base = await database();
    const { rows } = await base.query(ofName, [accountId, name]);
    const [row] = rows;
    return (
      row &&
      openIndex({ key: numberIn(row, "key"), about: aboutOf(row), makesItself: row["makes_itself"] === 1, database: base, now, newId })
    );
  }

  async function insert(
    accountId: string,
    { name, description, dimensions, metric }: NewVectorIndex,
    makesItself: boolean,
  ): Promise<boolean> {
    const at = now();
    const { changes } = await (
      await database()
    ).query(insertIndex, [accountId, name, description, dimensions, metric, Number(makesItself), at, at]);
    return changes > 0;
  }

  async function found(accountId: string, name: string) {
    const index = await find(accountId, name);
    if (!index) throw new Problem("not-found", `there is no vector index ${name.slice(0, 64)}; \`wrangler vectorize create\` makes one`);
    return index;
  }

  return {
    async create(accountId, index) {
      if (!(await insert(accountId, index, false))) {
        throw new Problem("bad-input", `there is an index ${index.name} already`, { details: { field: "/name" } });
      }
      return found(accountId, index.name);
    },
    async list(accountId) {
      const { rows } = await (await database()).query(ofAccount, [accountId]);
      return rows.map(aboutOf);
    },
    async open(accountId, name, dimensions) {
      if (makeThemselves && dimensions !== undefined && !(await find(accountId, name))) {
        await insert(accountId, { name, description: "", dimensions, metric: "cosine" }, true);
      }
      return found(accountId, name);
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

function aboutOf(row: Row): VectorIndex {
  return {
    name: textIn(row, "name"),
    description: textIn(row, "description"),
    dimensions: numberIn(row, "dimensions"),
    metric: textIn(row, "metric") as Metric, // `create` wrote it
    createdAt: numberIn(row, "created_at"),
    modifiedAt: numberIn(row, "modified_at"),
  };
}
