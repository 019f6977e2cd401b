export type { Ask } from "./ask.ts";
export * from "./gateway.ts";
export * from "./pool.ts";
export { findModel, notServed, shown } from "./admit.ts";
