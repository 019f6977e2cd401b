// Part of the thread as well, and so without core's code: that and zod would take 15 MB more there.

type Kind = "bad-setting" | "store-failed";

/** A Problem as it crosses from the thread. What libsql said is for the log. */
export interface Failure {
  readonly kind: Kind;
  readonly message: string;
  readonly cause: string;
}

/** `store-failed` is shown to clients, so those sentences do not tell where the file is. */
const sentences: Readonly<Record<string, readonly [Kind, (file: string) => string]>> = {
  SQLITE_CANTOPEN: ["bad-setting", (file) => `the database ${file} cannot be opened: its folder must exist and be writable`],
  SQLITE_READONLY: ["bad-setting", (file) => `the database ${file} cannot be written: give this user the right to write it and its folder`],
  SQLITE_NOTADB: ["bad-setting", (file) => `${file} is not a SQLite database: move it away, or name another data folder`],
  SQLITE_CORRUPT: ["store-failed", () => "the database is damaged: stop the server and restore it from a backup"],
  SQLITE_FULL: ["store-failed", () => "the disk of the database is full: free some space on it"],
  SQLITE_IOERR: ["store-failed", () => "the disk of the database cannot be read or written: see whether it is full or broken"],
  SQLITE_BUSY: ["store-failed", () => "another process has kept the database busy for seconds: try again"],
};

export function failureOf(thrown: unknown, file: string): Failure {
  const cause = thrown instanceof Error ? thrown.message : String(thrown);
  const [kind, sentence] = sentences[codeOf(thrown, cause)] ?? ["store-failed", () => "the database failed; the server's log says why"];
  return { kind, message: sentence(file), cause };
}

/** The primary code: `SQLITE_IOERR_FSYNC` is an `SQLITE_IOERR`. A file that cannot be opened comes without code, its number in the text. */
function codeOf(thrown: unknown, message: string): string {
  if (/Unable to open connection to local database .*: 14/.test(message)) return "SQLITE_CANTOPEN";
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, "code") : undefined;
  return typeof code === "string" ? code.split("_").slice(0, 2).join("_") : "";
}
