import { unwatchFile, watchFile } from "node:fs";
import { builtIns, catalogueCards, createModels } from "../catalogue/index.ts";
import type { Models } from "../core/index.ts";
import type { Configuration } from "./configuration.ts";
import { cardOf, localModelsFile, readLocalModels } from "./local-models.ts";

/** The built-in models, the catalogue's, and the operator's own. */
export function readModels({ data, modelsFolder }: Pick<Configuration, "data" | "modelsFolder">): Models {
  return createModels([...builtIns({ modelsFolder }), ...readLocalModels(data).map(cardOf), ...catalogueCards]);
}

/** The same, for a server: what `ganglion add` adds while it runs is there a second later. */
export function watchModels(
  configuration: Pick<Configuration, "data" | "modelsFolder">,
  failed: (thrown: unknown) => void,
): Models & { close(): void } {
  const file = localModelsFile(configuration.data);
  let models = readModels(configuration);
  const changed = () => {
    try {
      models = readModels(configuration);
    } catch (thrown) {
      failed(thrown);
    }
  };
  watchFile(file, { interval: 1000, persistent: false }, changed);
  return {
    get all() {
      return models.all;
    },
    find: (name) => models.find(name),
    close: () => unwatchFile(file, changed),
  };
}
