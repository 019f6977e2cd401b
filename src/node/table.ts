import { styleText } from "node:util";

/** Rows under a head, each column as wide as its widest cell. The last column is not padded. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[], colours: boolean): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(column === cells.length - 1 ? 0 : (widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  const title = line(head);
  return `${[colours ? styleText("bold", title) : title, ...rows.map(line)].join("\n")}\n`;
}

/** Whether the terminal that stdout is wants colours; NO_COLOR says that it does not. */
export function coloursWanted(stream: NodeJS.WriteStream = process.stdout): boolean {
  return stream.isTTY && stream.hasColors();
}
