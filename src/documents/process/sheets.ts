import { type CellObject, read } from "@e965/xlsx";
import type { ReadText } from "./read-text.ts";
import { createTableWriter } from "./tables.ts";

/** Excel has no more. */
const mostColumns = 16_384;

/** Every sheet of a workbook as a table of what people see in its cells. */
export const readSheets: ReadText = async ({ file, options, limits }) => {
  const { SheetNames: names, Sheets: sheets } = read(file.bytes, {
    type: "array",
    dense: true,
    cellFormula: false,
    cellHTML: false,
    cellText: true,
  });
  const writer = createTableWriter(options.writing, limits);
  writer.title(file.name);
  for (const name of names) {
    const grid = (sheets[name]?.["!data"] ?? []) as (CellObject[] | undefined)[]; // with holes where a row has no cells
    const rows = [...rowsOf(grid)];
    writer.heading(name);
    const columns = rows.reduce((most, { length }) => Math.max(most, length), 0);
    if (columns > 0) writer.table(rows, Math.min(columns, mostColumns));
  }
  return writer.text();
};

/** Rows with anything in them, each up to its last cell with anything in it: a sheet may call itself far larger than it is. */
function* rowsOf(grid: readonly (readonly CellObject[] | undefined)[]): Generator<string[]> {
  for (const row of grid) {
    if (!row) continue;
    const cells = Array.from(row, (cell: CellObject | undefined) => textOf(cell));
    while (cells.at(-1) === "") cells.pop();
    if (cells.length > 0) yield cells;
  }
}

function textOf(cell: CellObject | undefined): string {
  if (cell?.v === undefined || cell.v === null) return "";
  return cell.w ?? String(cell.v);
}
