export { createProcessEngine, type ProcessEngineOptions } from "./process.ts";
export { serveEngine } from "./serve-engine.ts";
