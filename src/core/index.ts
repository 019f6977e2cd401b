export * from "./account.ts";
export * from "./engine.ts";
export * from "./ledger.ts";
export * from "./model-card.ts";
export * from "./price.ts";
export * from "./problem.ts";
export * from "./task/index.ts";
export * from "./usage.ts";
