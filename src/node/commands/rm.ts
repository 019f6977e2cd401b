import { Problem } from "../../core/index.ts";
import { readLockFile, removeWeights, repositoryName, sizeText } from "../../weights/index.ts";
import type { Configuration } from "../configuration.ts";
import { commandName } from "../installation.ts";
import { readLocalModels, writeLocalModels } from "../local-models.ts";
import { findWeights, readModels } from "../models.ts";

/** Deletes what was pulled, and forgets what was added. Files that Ganglion did not bring stay where they are. */
export async function rm(configuration: Configuration, name: string): Promise<void> {
  const { data } = configuration;
  const card = readModels(configuration).find(name);
  const locked = Object.keys(readLockFile(data)).includes(name);
  if (!card && !locked)
    throw new Problem("unknown-model", `there is no model ${JSON.stringify(name)}; \`${commandName()} models --local\` lists what is here`);
  const model = card?.name ?? name;
  const repositories = (card?.weights ?? []).flatMap((source) =>
    "repository" in source && repositoryName.safeParse(source.repository).success ? [source.repository] : [],
  );

  const bytes = await removeWeights(data, model, repositories);
  if (bytes !== undefined) process.stdout.write(`removed ${model}: ${sizeText(bytes)} are free again\n`);
  const local = readLocalModels(data);
  const added = local.find((other) => other.name === model);
  if (added) {
    writeLocalModels(
      data,
      local.filter((other) => other !== added),
    );
    if (added.path !== undefined) process.stdout.write(`forgot ${model}; its file stays at ${added.path}\n`);
  }
  if (bytes !== undefined || added) return;

  if (card?.origin === "built-in") throw new Problem("bad-input", `${model} comes with Ganglion and stays`);
  const elsewhere = card && findWeights(configuration)(card);
  throw new Problem(
    "bad-input",
    elsewhere ? `${model} is in ${elsewhere.path}, which Ganglion only reads: delete it there` : `nothing of ${model} is here`,
  );
}
