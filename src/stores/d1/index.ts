export { createD1Database, type D1Answer, type D1Binding, type D1Statement } from "./database.ts";
