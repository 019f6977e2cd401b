export * from "./gateway.ts";
export * from "./pool.ts";
export { findModel, shown } from "./admit.ts";
