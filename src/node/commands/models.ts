import { dayOf, type ModelCard, type Models, nearest, Problem, searchModels, taskOf } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { standInFor } from "../absence.ts";
import { engineFor } from "../engines.ts";
import { commandName } from "../installation.ts";
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
  if (task !== undefined) checkTask(task, readModels(configuration).all);
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
  if (found.length === 0) {
    const words = [search && JSON.stringify(search), task && `the task ${task}`, here && "what runs here"].filter(Boolean);
    process.stderr.write(`no model matches ${words.join(" and ")}; \`${commandName()} models\` lists all\n`);
    return;
  }
  const rows = found.map(({ card, runs }) => [card.name, taskOf(card.task).label, card.contextTokens?.toString() ?? "", runs]);
  process.stdout.write(tableText(["MODEL", "TASK", "CONTEXT", "RUNS HERE"], rows, coloursWanted()));
}

/** A list that is empty because its task is none would say that there are no models. */
function checkTask(task: string, cards: readonly ModelCard[]): void {
  const labels = [...new Set(cards.map((card) => taskOf(card.task).label))];
  const known = [...labels.map((label) => label.toLowerCase()), ...cards.map((card) => card.task)];
  if (known.includes(task.toLowerCase())) return;
  const meant = nearest(task.toLowerCase(), known);
  const instead = meant === undefined ? `there are ${labels.join(", ")}` : `did you mean ${JSON.stringify(meant)}?`;
  throw new Problem("not-found", `there is no task ${JSON.stringify(task.slice(0, 100))}; ${instead}`);
}

function runsHere(card: ModelCard, known: Models, { standIns }: Configuration): "yes" | "by a stand-in" | "no" {
  if (engineFor(card) !== undefined) return "yes";
  return standIns && standInFor(card, known) !== undefined ? "by a stand-in" : "no";
}
