import type { Migration } from "../stores/index.ts";

/**
 * Tables of a file of their own, for SQLite as libsql builds it: vectors are its blobs of 32-bit numbers, and its functions measure
 * how far they are apart.
 * Source: github.com/tursodatabase/libsql, libsql-sqlite3/doc (vector types and functions), seen 2026-11.
 */
export const migrations: readonly Migration[] = [
  {
    name: "vector indexes",
    statements: [
      // `makes_itself`: nobody declared it, so nobody could declare what to filter by either, and everything can be.
      `CREATE TABLE vector_indexes (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id TEXT NOT NULL,
        name TEXT NOT NULL,
        description TEXT NOT NULL,
        dimensions INTEGER NOT NULL,
        metric TEXT NOT NULL,
        makes_itself INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        modified_at INTEGER NOT NULL,
        mutation_id TEXT,
        mutated_at INTEGER,
        UNIQUE (account_id, name)
      )`,
      `CREATE TABLE metadata_indexes (
        index_key INTEGER NOT NULL,
        property TEXT NOT NULL,
        type TEXT NOT NULL,
        PRIMARY KEY (index_key, property)
      )`,
      // The namespace of a vector without one is empty. `properties` are what filters see: { "a.b": value }, flat.
      // The vector comes last: a row whose filter does not let it through is then not read to its end.
      `CREATE TABLE vectors (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        index_key INTEGER NOT NULL,
        id TEXT NOT NULL,
        namespace TEXT NOT NULL,
        properties TEXT NOT NULL,
        norm REAL NOT NULL,
        metadata TEXT,
        embedding BLOB NOT NULL,
        UNIQUE (index_key, id)
      )`,
      `CREATE INDEX vectors_of_namespace ON vectors (index_key, namespace)`,
    ],
  },
];
