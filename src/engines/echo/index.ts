export { createEchoEngine } from "./echo.ts";
export type { EchoOptions } from "./options.ts";
