export { ganglion, ganglionBinding } from "./replace-ai.ts";
export { type DevServer, startGanglion } from "./start-ganglion.ts";
