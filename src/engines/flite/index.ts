export { createFliteEngine } from "./flite.ts";
export { createFliteProcessEngine, type FliteProcessOptions } from "./process-engine.ts";
