import type { Documents } from "../documents/index.ts";
import { createDocumentReader } from "../documents/process/index.ts";
import { childEnvironment } from "../engines/index.ts";
import type { Configuration } from "./configuration.ts";
import { builtScript } from "./installation.ts";

/** What reads documents on this machine. It costs nothing before the first one. */
export function createDocuments({ queueLength, queueSeconds }: Configuration, log: (line: string) => void): Documents {
  return createDocumentReader({
    entry: builtScript("document-process"),
    environment: childEnvironment(process.env),
    queueLength,
    queueTimeout: queueSeconds * 1000,
    log,
  });
}
