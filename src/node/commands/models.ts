import { dayOf, type ModelCard, type Models, searchModels, taskOf } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { standInFor } from "../absence.ts";
import { engineFor } from "../engines.ts";
import { readModels } from "../models.ts";
import { coloursWanted, tableText } from "../table.ts";
import { localWeights } from "./local-weights.ts";

export interface ModelsOptions {
  readonly task?: string;
  /** Also those that Cloudflare has retired. */
  readonly includeRetired?: boolean;
  /** Only those that can run. */
  readonly here?: boolean;
  /** What is on the disk, instead. */
  readonly local?: boolean;
  readonly json?: boolean;
}

/** What there is, and whether it can run on this machine. */
export function models(
  configuration: Configuration,
  search: string | undefined,
  { task, includeRetired, here, local, json }: ModelsOptions,
): void {
  if (local) return localWeights(configuration, { search, task, json: json ?? false });
  const asked = { search, task, includeDeprecated: includeRetired ?? false, today: dayOf(Date.now()) };
  const known = readModels(configuration);
  const found = searchModels(known.all, asked)
    .map((card) => ({ card, runs: runsHere(card, known, configuration) }))
    .filter(({ runs }) => !here || runs !== "no");
  if (json) {
    const rows = found.map(({ card: { name, aliases, task: does, description, contextTokens, origin }, runs }) => ({
      name,
      aliases,
      task: taskOf(does).label,
      description,
      contextTokens,
      origin,
      here: runs,
    }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const rows = found.map(({ card, runs }) => [card.name, taskOf(card.task).label, card.contextTokens?.toString() ?? "", runs]);
  process.stdout.write(tableText(["MODEL", "TASK", "CONTEXT", "RUNS HERE"], rows, coloursWanted()));
}

function runsHere(card: ModelCard, models: Models, { standIns }: Configuration): "yes" | "by a stand-in" | "no" {
  if (engineFor(card) !== undefined) return "yes";
  return standIns && standInFor(card, models) !== undefined ? "by a stand-in" : "no";
}
