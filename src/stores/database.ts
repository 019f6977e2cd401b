/** What a column can hold here. No boolean and no bigint: integers are exact up to 2^53, and a driver turns what its library gives into these. */
export type SqlValue = string | number | null;

export type Row = Readonly<Record<string, SqlValue>>;

/** `sql` has a `?` for each parameter, in order; a driver whose database counts them (`$1`) rewrites the text. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

export interface Result {
  readonly rows: readonly Row[];
  /** Rows inserted, updated or deleted; for a statement that returns rows, how many. */
  readonly changes: number;
}

/**
 * The one seam between what we remember and who keeps it. What a driver must promise is checked by `describeDatabase` in conformance.ts.
 *
 * There is no `transaction(callback)`: D1 has none. Every driver has a batch instead, and statements that decide by what they find.
 * A driver may keep each `sql` text prepared for ever, so texts are constants: what varies is a parameter.
 *
 * @throws Problem `store-failed`, with what the library said as its cause. Nothing of the statement or batch is kept then,
 *   but where the connection broke while it was being committed, nobody can know without looking.
 */
export interface Database {
  /** The most `?` that one statement may hold: 100 on D1. */
  readonly maxParameters: number;
  /** Runs one statement; what it wrote is durable when this resolves. Sees everything that was committed before the call. */
  query(sql: string, parameters?: readonly SqlValue[]): Promise<Result>;
  /** Runs all, in order, or none; each sees what those before it did. Durable when this resolves. */
  batch(statements: readonly Statement[]): Promise<readonly Result[]>;
  /** Ends what is under way and frees files, sockets and threads. May be called twice. */
  close(): Promise<void>;
}

/** A number that a statement of ours selected. */
export function numberIn(row: Row | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}

/** A text that a statement of ours selected. */
export function textIn(row: Row, column: string): string {
  return String(row[column] ?? "");
}
