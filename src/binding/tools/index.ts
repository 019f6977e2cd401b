export { ganglion, ganglionBindings, type WorkerConfig } from "./replace-bindings.ts";
export { type DevServer, namedServer, startGanglion } from "./start-ganglion.ts";
