import { type Authenticator, type LoadedModels, type Models, Problem, type TaskId } from "../core/index.ts";
import type { RequestLog, Services } from "../dialects/index.ts";
import type { Documents } from "../documents/index.ts";
import { createGateway, type Pool } from "../gateway/index.ts";
import type { Configuration } from "./configuration.ts";
import { newCallId } from "../stores/index.ts";
import { explainAbsence, standInFor } from "./absence.ts";
import { readLockFile } from "../weights/index.ts";
import { variableOf } from "./settings.ts";
import type { Store } from "./store.ts";

export interface Parts {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly models: Models;
  readonly pool: Pool;
  /** What is in memory; absent: whoever puts the server together does not say. */
  readonly loaded?: LoadedModels;
  /** Absent: no documents are converted. */
  readonly documents?: Documents;
  readonly accounts: Authenticator;
  readonly log: (entry: RequestLog) => void;
}

/** @throws Problem `bad-setting` where a setting names a model that there is not */
export function checkSetModels(configuration: Configuration, models: Models): void {
  for (const name of ["captionModel", "detectionModel", "moderationModel"] as const) {
    const model = configuration[name];
    if (model === undefined || models.find(model)) continue;
    throw new Problem(
      "bad-setting",
      `${name} (${variableOf(name)}) names ${JSON.stringify(model.slice(0, 100))}, and there is no such model; \`ganglion models\` lists them`,
    );
  }
}

/** Puts the parts of a server together. */
export function createServices({ configuration, store, models, pool, loaded, documents, accounts, log }: Parts): Services {
  const gateway = createGateway({
    models,
    pool,
    ledger: store.ledger,
    ...(configuration.standIns && { standIn: (card) => standInFor(card, models) }),
    explainAbsence: (card) => explainAbsence(card, models, readLockFile(configuration.data)),
    refuseRetired: configuration.retired === "refuse",
    deadlineMilliseconds: configuration.deadline * 1000,
  });
  return {
    gateway,
    models,
    ...(loaded && { loaded }),
    ...(documents && { documents }),
    ledger: store.ledger,
    files: store.files,
    vectors: store.vectors,
    publicUrl: configuration.publicUrl,
    imageDebugGet: configuration.imageDebugGet,
    accounts,
    now: Date.now,
    newId: () => newCallId(),
    log,
    defaultModel: (purpose) =>
      purpose === "moderation"
        ? moderationModel(configuration, models, pool)
        : (setModel(purpose, configuration) ?? defaultModel(purpose, models, pool)),
    bodyLimit: configuration.bodyLimit,
  };
}

/** The one that was set, else one that was made for it and runs here; a classifier of moods is better than nothing. */
function moderationModel({ moderationModel: set }: Configuration, models: Models, pool: Pool): string {
  const made = models.all.find((card) => card.abilities.moderation && pool.serves(card));
  return set ?? made?.name ?? defaultModel("text-classification", models, pool);
}

/** What pictures in documents are read with. */
function setModel(task: TaskId, { captionModel, detectionModel }: Configuration): string | undefined {
  return task === "image-to-text" ? captionModel : task === "object-detection" ? detectionModel : undefined;
}

/** The operator's own before the catalogue's before what comes with Ganglion; what cannot run here only where nothing can. */
function defaultModel(task: TaskId, models: Models, pool: Pool): string {
  const able = models.all.filter((card) => card.task === task && (card.weights.length > 0 || card.origin === "catalogue"));
  const running = able.filter((card) => pool.serves(card));
  const best = (["local", "catalogue", "built-in"] as const).flatMap((origin) => running.filter((card) => card.origin === origin))[0];
  return (best ?? able.find(({ origin }) => origin === "catalogue") ?? able[0])?.name ?? "";
}
