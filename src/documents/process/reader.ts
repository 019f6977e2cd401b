import { type ChildProcess, fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { Problem } from "../../core/index.ts";
import { type DocumentFile, type Documents, formatOf, type Reader, type Reading, type ReadingOptions } from "../index.ts";
import { tooMuchMemory, tooSlow } from "./errors.ts";
import type { FromReader, ReaderLimits, ToReader } from "./messages.ts";
import { createPlaces } from "./places.ts";

export interface DocumentReaderOptions {
  /** The process's script, built: `process.ts`. */
  readonly entry: URL;
  /** Variables that the process sees; secrets of the server are not among them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files that are read at the same time. */
  readonly places?: number;
  /** Files that wait for a place; more are refused. */
  readonly queueLength?: number;
  /** Milliseconds that a file waits for its place. */
  readonly queueTimeout?: number;
  readonly limits?: Partial<ReaderLimits>;
  /** As `Documents` has it. */
  readonly requestTime?: number;
  /** Takes what happens to processes, and nothing of documents. */
  readonly log?: (line: string) => void;
}

const usualLimits: ReaderLimits = { time: 30_000, memory: 768_000_000, characters: 10_000_000 };

/**
 * Reads each file in a process of its own that is killed when it takes too long or too much memory: parsers of office files are large,
 * and what they parse comes from anyone.
 */
export function createDocumentReader({ entry, environment, ...options }: DocumentReaderOptions): Documents {
  const limits = { ...usualLimits, ...options.limits };
  const places = createPlaces({
    places: options.places ?? 2,
    queueLength: options.queueLength ?? 256,
    queueTimeout: options.queueTimeout ?? 60_000,
  });
  const running = new Set<ChildProcess>();
  let closed = false;

  async function read(file: DocumentFile, readingOptions: ReadingOptions, { account, signal }: Reader): Promise<Reading> {
    const format = formatOf(file);
    if (!format) return { error: "files of this format are not converted; GET ai/tomarkdown/supported lists those that are" };
    if (file.bytes.length === 0) return { error: "the file is empty" };
    return places.take(account, () => readInProcess({ file, format, options: readingOptions, limits }, signal), signal);
  }

  async function readInProcess(message: ToReader, signal: AbortSignal): Promise<Reading> {
    if (closed) throw ending();
    const child = fork(fileURLToPath(entry), [], {
      serialization: "advanced",
      // What libraries say about a document is as private as the document.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: environment,
      execArgv: [`--max-old-space-size=${Math.ceil(limits.memory / 1_000_000)}`],
    });
    running.add(child);
    if (child.pid !== undefined) lower(child.pid);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end({ error: tooSlow(limits) }), limits.time);
      const leave = () => {
        reject(signal.reason);
        end();
      };
      function end(reading?: Reading | Problem): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        running.delete(child);
        child.kill("SIGKILL");
        if (reading instanceof Problem) reject(reading);
        else if (reading) resolve(reading);
      }
      signal.addEventListener("abort", leave);
      child.once("message", (reading: FromReader) => end(reading));
      const failed = (how: string) => {
        if (!running.has(child)) return;
        options.log?.(`the process that read a ${message.format.extension} file ${how}`);
        end({ error: "reading the file failed; the server's log says how" });
      };
      child.once("error", ({ message: why }) => failed(`did not start: ${why}`));
      // By itself it dies of memory only, in one way or another.
      child.once("exit", (code, killedBy) =>
        killedBy === null ? failed(`ended with exit code ${code}`) : end(closed ? ending() : { error: tooMuchMemory(limits) }),
      );
      // That it did not arrive is told by the exit, and that there is no channel by the error: the system has no file left for one.
      if (child.connected) child.send(message, () => {});
    });
  }

  async function close(): Promise<void> {
    closed = true; // nor does what waits in line begin
    for (const child of running) child.kill("SIGKILL");
  }

  return { requestTime: options.requestTime ?? 120_000, read, close };
}

function ending(): Problem {
  return new Problem("at-capacity", "this server is ending; ask again when it is back");
}

/** Answering and computing come first. */
function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or this system lets nobody do so.
  }
}
