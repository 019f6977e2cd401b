export { builtIns, type BuiltInsOptions } from "./built-ins.ts";
export { catalogueCards } from "./cards.ts";
export { authorOf, createModels, type ModelSearch, searchModels } from "./models.ts";
