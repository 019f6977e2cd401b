import { Worker } from "node:worker_threads";
import { Problem } from "../../core/index.ts";
import type { Database, Result } from "../index.ts";
import type { Failure } from "./failure.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-messages.ts";

/** Beside the bundle; from the sources, as tests run, in the bundle's folder. */
const threadEntry = new URL(import.meta.url.endsWith(".ts") ? "../../../dist/sqlite-thread.js" : "./sqlite-thread.js", import.meta.url);

interface Waiting {
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (problem: Problem) => void;
}

/**
 * A SQLite file, made if need be, behind a thread: its one connection runs everything in the order in which it was asked.
 * Other processes may read and write the file at the same time.
 *
 * @throws Problem `bad-setting` where the file cannot be opened or written or is no database
 */
export async function openSqliteDatabase(file: string): Promise<Database> {
  const data: ThreadData = { file };
  const worker = new Worker(threadEntry, { workerData: data });
  const waiting: Waiting[] = []; // answers come in the order of the questions
  let gone: Problem | undefined;
  let closing: Promise<void> | undefined;

  worker.on("message", (message: FromThread) => {
    const asked = waiting.shift();
    if (waiting.length === 0) worker.unref();
    if ("failure" in message) asked?.reject(problemOf(message.failure));
    else asked?.resolve(message.results);
  });
  const end = (problem: Problem) => {
    gone ??= problem;
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  worker.on("error", (thrown) => end(new Problem("store-failed", "the database's thread died; restart the server", { cause: thrown })));
  worker.on("exit", () => end(new Problem("store-failed", "the database is closed")));

  function answered(send: () => void): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      // While something is asked the process stays, and idle the thread does not keep it.
      if (waiting.length === 0) worker.ref();
      waiting.push({ resolve, reject });
      send();
    });
  }

  const ask = (message: ToThread) => answered(() => worker.postMessage(message));

  async function close(): Promise<void> {
    const exited = new Promise((resolve) => worker.once("exit", resolve));
    const closed = ask({ type: "close" }).catch(() => {});
    gone ??= new Problem("store-failed", "the database is closed");
    await closed;
    await worker.terminate();
    await exited;
  }

  await answered(() => {});

  return {
    maxParameters: 32_766,
    async query(sql, parameters = []) {
      const [result] = await ask({ type: "query", statement: { sql, parameters } });
      return result ?? { rows: [], changes: 0 };
    },
    async batch(statements) {
      return statements.length === 0 ? [] : ask({ type: "batch", statements });
    },
    close: () => (closing ??= close()),
  };
}

function problemOf({ kind, message, cause }: Failure): Problem {
  return new Problem(kind, message, { cause: new Error(cause) });
}
