export { builtIns, type BuiltInsOptions } from "./built-ins.ts";
export { catalogueCards } from "./cards.ts";
export { createModels } from "./models.ts";
