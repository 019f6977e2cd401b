import { existsSync, statSync } from "node:fs";
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

/**
 * The same, for a server: what `ganglion add`, `pull` and `rm` did before a call came is there for it.
 *
 * @param failed hears of files that cannot be read, once for each change; until they are mended the models stay as they were
 */
export function followModels(places: ModelPlaces, failed: (thrown: unknown) => void): Models {
  const files = [localModelsFile(places.data), lockFileIn(places.data)];
  // Taken before they are read: what changes while they are read is read again.
  let seen = files.map(stateOf);
  let models = readModels(places);

  function current(): Models {
    const now = files.map(stateOf);
    if (now.every((state, index) => state === seen[index])) return models;
    seen = now;
    try {
      models = readModels(places);
    } catch (thrown) {
      failed(thrown);
    }
    return models;
  }

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
      return current().all;
    },
    find(name) {
      const card = current().find(name);
      return card && refreshed(card);
    },
  };
}

/** Differs after each change: whoever writes these files makes a new one and gives it the old one's name. */
function stateOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : "absent";
}
