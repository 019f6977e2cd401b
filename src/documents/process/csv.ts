import Papa from "papaparse";
import { decodeText } from "./decode-text.ts";
import type { ReadText } from "./read-text.ts";
import { createTableWriter } from "./tables.ts";

/** Of which one is between the values is found out. */
const delimiters = [",", ";", "\t", "|"];

export const readCsv: ReadText = async ({ file, options, limits }) => {
  const { data } = Papa.parse<string[]>(decodeText(file.bytes, file.mediaType), {
    skipEmptyLines: "greedy",
    delimitersToGuess: delimiters,
  });
  const writer = createTableWriter(options.writing, limits);
  writer.table(
    data,
    data.reduce((most, { length }) => Math.max(most, length), 0),
  );
  return writer.text();
};
