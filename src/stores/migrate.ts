import { Problem } from "../core/index.ts";
import { numberIn, type Database } from "./database.ts";
import { migrations as ours, type Migration } from "./schema.ts";

const createTable = `CREATE TABLE IF NOT EXISTS migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)`;
const readVersion = `SELECT MAX(version) AS version FROM migrations`;
const record = `INSERT INTO migrations (version, name, at) VALUES (?, ?, ?)`;

/**
 * Brings a database to the newest version: each step whole or not at all, recorded, and never twice.
 * Several processes may do it at once: whoever comes second at a step finds it recorded and goes on.
 *
 * @throws Problem `bad-setting` where the database is newer than this program.
 */
export async function migrate(database: Database, migrations: readonly Migration[] = ours): Promise<void> {
  let version = await versionOf(database);
  if (version > migrations.length) throw tooNew(version, migrations.length);
  while (version < migrations.length) {
    version = await step(database, migrations, version);
  }
}

/** Takes the database from `version` to the next one, and returns the version it then has. */
async function step(database: Database, migrations: readonly Migration[], version: number): Promise<number> {
  const next = version + 1;
  const migration = migrations[version];
  if (migration === undefined) throw tooNew(version, migrations.length);
  const statements = migration.statements.map((sql) => ({ sql, parameters: [] }));
  try {
    // Recorded first, so that of two processes the second one stops here and not halfway through the tables.
    await database.batch([{ sql: record, parameters: [next, migration.name, Date.now()] }, ...statements]);
    return next;
  } catch (thrown) {
    const now = await versionOf(database);
    if (now > version) return now;
    throw thrown;
  }
}

async function versionOf(database: Database): Promise<number> {
  const read = () => database.query(readVersion);
  // Looked at before it is made: an old hand's database is only read, and PostgreSQL can fail when two make the same table at once.
  const { rows } = await read().catch(() => database.query(createTable).then(read, read));
  return numberIn(rows[0], "version");
}

function tooNew(version: number, known: number): Problem {
  return new Problem(
    "bad-setting",
    `the database was made by a newer Ganglion (version ${version}, this one knows ${known}); update Ganglion, or name another data folder`,
  );
}
