import { type ModelCard, type Models, type NeededFile, Problem, taskOf } from "../core/index.ts";
import { type LockedModels, type RepositorySource, sizeText, sourcesOf } from "../weights/index.ts";
import { formatsFor } from "./engines.ts";

/** The model that comes with Ganglion for the task of another one, if it is a true one. None stands in for a judge of what may be said. */
export function standInFor(card: ModelCard, models: Models): ModelCard | undefined {
  if (card.abilities.moderation) return undefined;
  return models.all.find(({ origin, task, weights }) => origin === "built-in" && task === card.task && weights.length > 0);
}

/** Why nothing here runs a model, which files it wants, and the ways out. */
export function explainAbsence(card: ModelCard, models: Models, locked: LockedModels): Problem {
  const files = neededFiles(card, locked);
  const standIn = standInFor(card, models);
  const sentences = [
    ...absence(card, files),
    standIn && `with GANGLION_STAND_INS=1 ${standIn.name} answers ${taskOf(card.task).label} in its place`,
  ];
  return new Problem("weights-missing", sentences.filter(Boolean).join("; "), { details: { files } });
}

/** With sizes where a pull has learnt them; else only repositories are known, for a hub lists what is in them. */
function neededFiles(card: ModelCard, locked: LockedModels): readonly NeededFile[] {
  const model = locked[card.name];
  if (model) return model.files.map(({ path, bytes }) => ({ name: `${model.repository}/${path}`, bytes }));
  const sources = sourcesOf(card, formatsFor(card.task));
  if (sources.length > 0) return sources.map(nameOf).map((name) => ({ name }));
  return card.weights.map((source) => ({ name: "path" in source ? source.path : source.repository }));
}

function absence(card: ModelCard, files: readonly NeededFile[]): string[] {
  const { name } = card;
  const [gone] = card.weights.flatMap((source) => ("path" in source ? [source.path] : []));
  if (gone !== undefined && card.origin !== "catalogue") return [`the files of ${name} are no longer at ${gone}`];
  const [source] = sourcesOf(card, formatsFor(card.task));
  if (!source && files.every(({ bytes }) => bytes === undefined)) {
    return [
      `the weights of ${name} are not here, and no repository is known that has them for an engine here`,
      `\`ganglion pull ${name} --from OWNER/NAME\` takes them from one that you know`,
    ];
  }
  return [`the weights of ${name} are not here: it wants ${namesOf(files, source)}`, `\`ganglion pull ${name}\` brings them`];
}

function namesOf(files: readonly NeededFile[], source: RepositorySource | undefined): string {
  const [first] = files;
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  if (bytes > 0) return `${files.length > 1 ? `${first?.name} and ${files.length - 1} more` : first?.name} (${sizeText(bytes)})`;
  const instead = source?.substitute === undefined ? "" : ` (the weights of ${source.substitute})`;
  return files.map(({ name }) => name).join(" or ") + instead;
}

function nameOf({ repository, file }: RepositorySource): string {
  return file === undefined ? repository : `${repository}/${file}`;
}
