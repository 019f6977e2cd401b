import type { Writing } from "../index.ts";
import { tooLong } from "./errors.ts";
import type { ReaderLimits } from "./messages.ts";

/** Writes tables row by row, and stops at a limit: sheets of few bytes can have any number of rows. */
export interface TableWriter {
  /** Of all tables together. */
  title(text: string): void;
  /** A heading above the table that follows. */
  heading(text: string): void;
  /** @param columns of its longest row */
  table(rows: Iterable<readonly string[]>, columns: number): void;
  text(): string;
}

/** @throws Problem where there is more than the limit */
export function createTableWriter(writing: Writing, limits: ReaderLimits): TableWriter {
  const lines: string[] = [];
  let characters = 0;

  function add(line: string): void {
    characters += line.length + 1;
    if (characters > limits.characters) throw tooLong(limits);
    lines.push(line);
  }

  function row(cells: readonly string[]): string {
    return writing === "text"
      ? cells.map((cell) => cell.replace(/\s+/g, " ")).join("\t")
      : `|${cells.map((cell) => ` ${cellOf(cell)} |`).join("")}`;
  }

  function headed(mark: string, text: string): void {
    add(`${writing === "text" ? "" : mark}${text.replace(/\s+/g, " ").trim()}`);
    add("");
  }

  return {
    title: (text) => headed("# ", text),
    heading: (text) => headed("## ", text),
    table(rows, columns) {
      let first = true;
      for (const cells of rows) {
        // The first row says how many columns there are; those below may have fewer.
        add(row(first ? Array.from({ length: columns }, (_, column) => cells[column] ?? "") : cells));
        if (first && writing === "markdown") add(`|${" --- |".repeat(columns)}`);
        first = false;
      }
      add("");
    },
    text: () => lines.join("\n").trim(),
  };
}

/** Text in a cell of a Markdown table: one line, and no bars of its own. */
function cellOf(text: string): string {
  return text
    .trim()
    .replaceAll("\\", "\\\\")
    .replaceAll("|", "\\|")
    .replace(/\s*\n\s*/g, " ");
}
