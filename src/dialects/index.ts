export * from "./app.ts";
export * from "./openapi.ts";
export type { Dialect, RequestLog, Route, Services } from "./route.ts";
