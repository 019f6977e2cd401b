import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { dayOf, type ModelCard, searchModels, taskOf } from "../../core/index.ts";
import { type FoundWeights, readLockFile, sizeText, unfinishedPulls } from "../../weights/index.ts";
import type { Configuration } from "../configuration.ts";
import { commandName } from "../installation.ts";
import { findWeights, readModels } from "../models.ts";
import { coloursWanted, tableText } from "../table.ts";

interface LocalWeights {
  readonly name: string;
  readonly task: string;
  readonly bytes: number;
  readonly path: string;
  readonly from: "pulled" | "folder" | "hub-cache" | "added" | "built-in";
  readonly repository?: string;
  readonly revision?: string;
  readonly substitute?: string;
}

/** `models --local`: whose files are on this machine, how large they are, and who brought them. */
export function localWeights(
  configuration: Configuration,
  { search, task, json }: { readonly search: string | undefined; readonly task: string | undefined; readonly json: boolean },
): void {
  const find = findWeights(configuration);
  const asked = { search, task, includeDeprecated: true, today: dayOf(Date.now()) };
  const rows = searchModels(readModels(configuration).all, asked).flatMap((card) => weightsOf(card, find(card), configuration));
  const unfinished = unfinishedPulls(configuration.data);
  if (json) {
    process.stdout.write(`${JSON.stringify({ models: rows, unfinished }, null, 2)}\n`);
    return;
  }
  const cells = rows.map((row) => [row.name, row.task, sizeText(row.bytes), whereText(row)]);
  process.stdout.write(tableText(["MODEL", "TASK", "SIZE", "WHERE"], cells, coloursWanted()));
  for (const { repository, bytes } of unfinished) {
    process.stdout.write(`${sizeText(bytes)} of ${repository} are unfinished: \`${commandName()} pull\` goes on, \`rm\` removes them\n`);
  }
}

function weightsOf(card: ModelCard, found: FoundWeights | undefined, { data }: Configuration): LocalWeights[] {
  const { name, origin } = card;
  const task = taskOf(card.task).label;
  if (found && origin !== "built-in") {
    const { bytes, path, place: from, substitute } = found;
    const { repository, revision } = (from === "pulled" ? readLockFile(data)[name] : undefined) ?? {};
    const facts = { ...(repository !== undefined && { repository }), ...(revision !== undefined && { revision }) };
    return [{ name, task, bytes, path, from, ...facts, ...(substitute !== undefined && { substitute }) }];
  }
  return card.weights.flatMap((source) => {
    const bytes = "path" in source ? bytesAt(source.path) : undefined;
    if (!("path" in source) || bytes === undefined) return [];
    return [{ name, task, bytes, path: source.path, from: origin === "built-in" ? "built-in" : "added" }];
  });
}

function whereText({ from, path, repository, revision, substitute }: LocalWeights): string {
  const instead = substitute === undefined ? "" : ` (the weights of ${substitute})`;
  const wheres: Record<LocalWeights["from"], string> = {
    pulled: `pulled from ${repository} at ${revision?.slice(0, 7)}`,
    folder: path,
    "hub-cache": path,
    added: path,
    "built-in": "comes with Ganglion",
  };
  return wheres[from] + instead;
}

/** Of a file, or of all in a folder; undefined: there is nothing. */
function bytesAt(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.size;
  return readdirSync(path).reduce((sum, name) => sum + (bytesAt(join(path, name)) ?? 0), 0);
}
