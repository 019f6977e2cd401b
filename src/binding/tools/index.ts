export { ganglion, ganglionBindings, type WorkerConfig } from "./replace-bindings.ts";
export { type DevServer, startGanglion } from "./start-ganglion.ts";
