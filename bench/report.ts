import { summaryOf } from "./rounds.ts";
import type { Row, Target } from "./suite.ts";

/** The rows of one suite for people. */
export function tableOf(name: string, rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { median, min, max } = summaryOf(row.rounds);
    return [row.of, row.what, textOf(median, row), `${textOf(min, row)} - ${textOf(max, row)}`, ...verdictOf(median, row.target)];
  });
  const table = [["", "what", "median", "min - max", "target", ""], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => (line[column] ?? "").length))) ?? [];
  const text = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [name, ...text.map((line) => `  ${line}`)].join("\n");
}

/** The same for programs. */
export function jsonOf(rows: readonly Row[]): object[] {
  return rows.map((row) => {
    const summary = summaryOf(row.rounds);
    return { ...row, ...summary, ...(row.target && { met: meets(summary.median, row.target) }) };
  });
}

function textOf(value: number, { unit }: Row): string {
  const digits = unit === "" ? 2 : value < 10 ? 3 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)}${unit && ` ${unit}`}`;
}

function verdictOf(median: number, target: Target | undefined): [string, string] {
  if (!target) return ["", ""];
  return ["most" in target ? `<= ${target.most}` : `>= ${target.least}`, meets(median, target) ? "met" : "MISSED"];
}

export function meets(value: number, target: Target): boolean {
  return "most" in target ? value <= target.most : value >= target.least;
}
