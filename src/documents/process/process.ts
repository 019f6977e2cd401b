import { isMainThread, Worker, workerData } from "node:worker_threads";
import type { FromReader, ReaderLimits, ToReader } from "./messages.ts";
import { readDocument } from "./read-document.ts";

// The process that reads one file. Its main thread may be in a parser's loop and hear nothing, so a second thread looks at the memory
// and at the clock.

if (isMainThread) serve();
else watch(workerData as ReaderLimits); // given below

function serve(): void {
  process.once("message", (message: ToReader) => {
    const watching = new Worker(new URL(import.meta.url), { workerData: message.limits });
    watching.once("online", () => {
      void readDocument(message).then((reading: FromReader) => process.send?.(reading));
    });
  });
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
}

function watch({ memory, time }: ReaderLimits): void {
  const kill = () => process.kill(process.pid, "SIGKILL");
  setInterval(() => process.memoryUsage.rss() > memory && kill(), 20);
  // Should nobody be there any more to end it.
  setTimeout(kill, time + 5_000);
}
