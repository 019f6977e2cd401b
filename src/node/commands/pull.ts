import { type ModelCard, Problem } from "../../core/index.ts";
import {
  type Pulled,
  pullWeights,
  readLockFile,
  removeWeights,
  repositoryName,
  type RepositorySource,
  sizeText,
  sourceOf,
  sourcesOf,
} from "../../weights/index.ts";
import type { Configuration } from "../configuration.ts";
import { formatsFor } from "../engines.ts";
import { checkNewName, ggufModel } from "../gguf-model.ts";
import { commandName } from "../installation.ts";
import { readLocalModels, writeLocalModels } from "../local-models.ts";
import { readModels } from "../models.ts";
import { createProgress } from "../progress.ts";
import { makeDataFolder } from "../store.ts";

export interface PullCommandOptions {
  /** `OWNER/NAME` or `OWNER/NAME:FILE`, in the place of the repositories that the card names. */
  readonly from?: string;
  readonly quant?: string;
  /** Moves on from what the lock file has. */
  readonly update?: boolean;
  /** What a model of no card is called here. */
  readonly name?: string;
}

/** Brings one model's weights, or those of all models that the lock file has. What is here already is left as it is. */
export async function pull(configuration: Configuration, name: string | undefined, options: PullCommandOptions): Promise<void> {
  const leaving = new AbortController();
  const leave = () => {
    process.exitCode = 130;
    leaving.abort();
  };
  process.once("SIGINT", leave);
  process.once("SIGTERM", leave);
  try {
    if (name?.startsWith("hf:")) await pullUnderNewName(configuration, name.slice("hf:".length), options, leaving.signal);
    else for (const card of cardsOf(configuration, name, options)) await pullCard(configuration, card, options, leaving.signal);
  } catch (thrown) {
    if (!leaving.signal.aborted) throw thrown;
    process.stderr.write(`stopped; what has come is kept, and the next \`${commandName()} pull\` goes on from there\n`);
  } finally {
    process.off("SIGINT", leave);
    process.off("SIGTERM", leave);
  }
}

function cardsOf(configuration: Configuration, name: string | undefined, options: PullCommandOptions): ModelCard[] {
  const models = readModels(configuration);
  if (name !== undefined) {
    const card = models.find(name);
    if (card) return [card];
    throw new Problem(
      "unknown-model",
      `there is no model ${JSON.stringify(name)}: \`${commandName()} models\` lists them, and hf:OWNER/NAME is any repository with a GGUF`,
    );
  }
  if (options.from !== undefined || options.quant !== undefined)
    throw new Problem("bad-input", "--from and --quant need a model that they are for");
  const cards = Object.keys(readLockFile(configuration.data)).flatMap((locked) => models.find(locked) ?? []);
  if (cards.length === 0) throw new Problem("bad-input", `nothing has been pulled yet: \`${commandName()} pull MODEL\` brings a model`);
  return cards;
}

async function pullCard(configuration: Configuration, card: ModelCard, options: PullCommandOptions, signal: AbortSignal): Promise<void> {
  const { from, quant, update } = options;
  if (card.origin === "built-in") return say(`${card.name} comes with Ganglion: there is nothing to pull`);
  const locked = readLockFile(configuration.data)[card.name];
  const anew = from !== undefined || quant !== undefined || update === true;
  if (!locked && !anew) {
    const here = card.weights.find((source) => "path" in source);
    if (here && "path" in here) return say(`${card.name} is here already: ${here.path}`);
  }
  const sources = from !== undefined ? [sourceFrom(from, card)] : locked ? [sourceOf(locked)] : sourcesOf(card, formatsFor(card.task));
  if (sources.length === 0) throw noSource(card);
  const pulled = await pullWithProgress(configuration, { model: card.name, sources, quant: quant ?? locked?.quant, anew }, signal);
  sayWhatCame(card.name, pulled);
  if (locked === undefined && sources.some(({ repository, confirmed }) => repository === pulled.repository && !confirmed)) {
    warn(`${pulled.repository} is a name that nobody has confirmed: its files may not be ${card.name}`);
  }
  if (card.task === "text-generation") say(`${commandName()} run ${card.name} "Hello"`);
}

/** `hf:OWNER/NAME[:FILE]`: a model that no card has gets one from what its GGUF says of itself. */
async function pullUnderNewName(
  configuration: Configuration,
  address: string,
  options: PullCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const { repository, file } = parseAddress(address);
  const name = options.name ?? `@hf/${repository}`;
  const known = readModels(configuration).find(name);
  const isOurs = known?.origin === "local" && known.weights.some((source) => "repository" in source && source.repository === repository);
  checkNewName(name, isOurs ? undefined : known);
  const source: RepositorySource = { format: "gguf", repository, confirmed: true, ...(file !== undefined && { file }) };
  const anew = options.update === true || options.quant !== undefined || file !== undefined;
  const pulled = await pullWithProgress(configuration, { model: name, sources: [source], quant: options.quant, anew }, signal);
  const { architecture: _, ...model } = await ggufModel(name, pulled.path).catch(async (thrown: unknown) => {
    if (!isOurs) await removeWeights(configuration.data, name, []); // it is no model, so nobody could ask for it
    throw thrown;
  });
  const others = readLocalModels(configuration.data).filter((other) => other.name !== name);
  writeLocalModels(configuration.data, [...others, { ...model, repository, ...(file !== undefined && { file }) }]);
  sayWhatCame(name, pulled);
  if (model.task === "text-generation") say(`${commandName()} run ${name} "Hello"`);
}

async function pullWithProgress(
  { data, hub }: Configuration,
  order: Parameters<typeof pullWeights>[0],
  signal: AbortSignal,
): Promise<Pulled> {
  makeDataFolder(data);
  const { stderr } = process;
  const columns = stderr.isTTY ? stderr.columns : undefined;
  const progress = createProgress({ write: (text) => stderr.write(text), columns, now: Date.now });
  try {
    return await pullWeights(order, { dataFolder: data, hub, signal, onEvent: progress.tell });
  } finally {
    progress.end();
  }
}

function sourceFrom(address: string, card: ModelCard): RepositorySource {
  const { repository, file } = parseAddress(address);
  const [format = "gguf"] = formatsFor(card.task);
  const known = sourcesOf(card, [format]).find((source) => source.repository === repository);
  return { ...(known ?? { format, repository, confirmed: true }), ...(file !== undefined && { file }) };
}

function parseAddress(address: string): { readonly repository: string; readonly file: string | undefined } {
  const [, repository = "", file] = /^(?:hf:)?([^:]+)(?::(.+))?$/.exec(address) ?? [];
  if (repositoryName.safeParse(repository).success) return { repository, file };
  throw new Problem("bad-input", `${JSON.stringify(address.slice(0, 200))} is no repository: write OWNER/NAME or OWNER/NAME:FILE`);
}

function noSource({ name, weights }: ModelCard): Problem {
  const others = weights.flatMap((source) => ("repository" in source ? [source.repository] : []));
  const known = others.length > 0 ? ` (${others.join(", ")} has them in another format)` : "";
  return new Problem(
    "not-found",
    `no repository is known that has ${name} for an engine here${known}; --from OWNER/NAME takes it from one that you know`,
  );
}

function sayWhatCame(name: string, { repository, revision, bytes, fetchedBytes, path, substitute }: Pulled): void {
  const came = fetchedBytes === 0 ? "all of it was here" : fetchedBytes < bytes ? `${sizeText(fetchedBytes)} of it came now` : "checked";
  say(`${name}: ${sizeText(bytes)} from ${repository} at ${revision.slice(0, 7)}, ${came}: ${path}`);
  if (substitute !== undefined) warn(`these are the weights of ${substitute}, which answer as ${name}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function warn(line: string): void {
  process.stderr.write(`note: ${line}\n`);
}
