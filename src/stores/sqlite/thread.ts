// The thread that owns a SQLite connection, so that waiting for a disk never stops the thread that answers HTTP.
// An entry point of its own in dist/: see scripts/build.mjs.
import { parentPort, workerData } from "node:worker_threads";
import type { Result } from "../index.ts";
import { openConnection, type Connection } from "./connection.ts";
import { failureOf } from "./failure.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-messages.ts";

const { file } = workerData as ThreadData; // oxlint-disable-line typescript/no-unsafe-type-assertion -- database.ts starts it with that
const send = (message: FromThread) => parentPort?.postMessage(message);

function attempt(work: () => FromThread): void {
  try {
    send(work());
  } catch (thrown) {
    send({ failure: failureOf(thrown, file) });
  }
}

function answer(connection: Connection, message: ToThread): readonly Result[] {
  if (message.type === "query") return [connection.query(message.statement)];
  if (message.type === "batch") return connection.batch(message.statements);
  connection.close();
  return [];
}

attempt(() => {
  const connection = openConnection(file);
  parentPort?.on("message", (message: ToThread) => attempt(() => ({ results: answer(connection, message) })));
  return { results: [] };
});
