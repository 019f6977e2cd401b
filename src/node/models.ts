import { existsSync, unwatchFile, watchFile } from "node:fs";
import { builtIns, catalogueCards, createModels } from "../catalogue/index.ts";
import type { ModelCard, Models } from "../core/index.ts";
import { createFinder, type FoundWeights, lockFileIn, withWeights } from "../weights/index.ts";
import type { Configuration } from "./configuration.ts";
import { formatsFor } from "./engines.ts";
import { cardOf, localModelsFile, readLocalModels } from "./local-models.ts";

/** What models are read with. */
export type ModelPlaces = Pick<Configuration, "data" | "modelsFolder" | "weightsFolders" | "hub">;

/** The built-in models, the catalogue's, and the operator's own, each with the weights that are on this machine. */
export function readModels(places: ModelPlaces): Models {
  const { data, modelsFolder } = places;
  const find = findWeights(places);
  const others = [...readLocalModels(data).map(cardOf), ...catalogueCards];
  return createModels([...builtIns({ modelsFolder }), ...others.map((card) => withWeights(card, find(card)))]);
}

/** Looks for weights on the disk as it is now. */
export function findWeights({ data, weightsFolders, hub }: ModelPlaces): (card: ModelCard) => FoundWeights | undefined {
  return createFinder({ dataFolder: data, folders: weightsFolders, hubCache: hub.cache, formats: ({ task }) => formatsFor(task) });
}

/** The same, for a server: what `ganglion add`, `pull` and `rm` do while it runs is there a second later. */
export function watchModels(places: ModelPlaces, failed: (thrown: unknown) => void): Models & { close(): void } {
  const files = [localModelsFile(places.data), lockFileIn(places.data)];
  let models = readModels(places);
  const changed = () => {
    try {
      models = readModels(places);
    } catch (thrown) {
      failed(thrown);
    }
  };
  for (const file of files) watchFile(file, { interval: 1000, persistent: false }, changed);

  /** Weights that have come or moved since are found when they are asked for, wherever they are. */
  function refreshed(card: ModelCard): ModelCard {
    if (card.origin === "built-in" || card.weights.some((source) => "path" in source && existsSync(source.path))) return card;
    try {
      return withWeights(card, findWeights(places)(card));
    } catch (thrown) {
      failed(thrown);
      return card;
    }
  }

  return {
    get all() {
      return models.all;
    },
    find(name) {
      const card = models.find(name);
      return card && refreshed(card);
    },
    close() {
      for (const file of files) unwatchFile(file, changed);
    },
  };
}
