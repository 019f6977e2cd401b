import {
  configureSync,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type TextFormatter,
} from "@logtape/logtape";
import type { RequestLog } from "../dialects/index.ts";
import type { Configuration } from "./configuration.ts";

/** Where a server says what happens. Prompts, answers, tokens and bodies are never handed to it. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** `cause`: what was thrown. */
  fail(message: string, cause: unknown): void;
  request(entry: RequestLog): void;
  /** Writes what waits to be written, before the process ends. */
  flush(): void;
}

/** Logs to stderr: stdout is for what the program was asked for. */
export function createLog({ log, logLevel }: Pick<Configuration, "log" | "logLevel">): Log {
  const json = log === "json" || (log === "auto" && !process.stderr.isTTY);
  const format = json ? getJsonLinesFormatter({ properties: "flatten" }) : textFormatter();
  const lines = writeOncePerTurn(process.stderr);
  configureSync({
    reset: true,
    sinks: { stderr: (record) => lines.write(format(record)) },
    loggers: [
      { category: "ganglion", sinks: ["stderr"], lowestLevel: logLevel },
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "warning" },
    ],
  });
  const logger = getLogger("ganglion");
  const logsInfo = logLevel === "info" || logLevel === "debug";
  return {
    info: (message) => logger.info(literal(message)),
    warn: (message) => logger.warn(literal(message)),
    fail: (message, cause) => logger.error(literal(`${message}: ${causeText(cause)}`)),
    request(entry) {
      if (json && logsInfo && entry.cause === undefined) return lines.write(requestLine(entry));
      const { cause, ...facts } = entry;
      const line = messageOf(entry);
      if (cause === undefined) logger.info(literal(line), { ...facts });
      else logger.error(literal(`${line}: ${causeText(cause)}`), { ...facts });
    },
    flush: () => lines.flush(),
  };
}

/** What the formatter would write, at an eighth of its cost: it is the one line that comes with every request. */
function requestLine(entry: RequestLog): string {
  const line = { "@timestamp": new Date().toISOString(), level: "INFO", message: messageOf(entry), logger: "ganglion", ...entry };
  return `${JSON.stringify(line)}\n`;
}

function messageOf({ method, route, status, milliseconds, problem }: RequestLog): string {
  return `${method} ${route} ${status} ${Math.round(milliseconds)} ms${problem === undefined ? "" : ` ${problem}`}`;
}

function textFormatter(): TextFormatter {
  const options = { timestamp: "time", category: () => "" } as const;
  return process.stderr.isTTY && process.stderr.hasColors() ? getAnsiColorFormatter(options) : getTextFormatter(options);
}

/** A busy server logs many lines in a turn of the event loop; one write takes them all. */
function writeOncePerTurn(stream: NodeJS.WritableStream) {
  let waiting = "";
  const flush = () => {
    if (waiting !== "") stream.write(waiting);
    waiting = "";
  };
  return {
    write(line: string) {
      if (waiting === "") setImmediate(flush);
      waiting += line;
    },
    flush,
  };
}

/** A route's pattern has braces, which the logger would take for placeholders. */
function literal(message: string): string {
  return message.replace(/[{}]/g, "$&$&");
}

/** What was thrown, with what caused it. */
export function causeText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return `${cause.stack ?? cause.message}${cause.cause === undefined ? "" : ` <- ${causeText(cause.cause)}`}`;
}
