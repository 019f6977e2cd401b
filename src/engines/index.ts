export { childEnvironment } from "./child-environment.ts";
export { createModelMemory, type MemoryNeeds, type ModelMemory, type ModelMemoryOptions } from "./model-memory.ts";
export { createProcessEngine, type OwnSettings, type ProcessEngineOptions } from "./process.ts";
export { serveEngine } from "./serve-engine.ts";
