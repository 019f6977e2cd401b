export { deepl } from "./deepl.ts";
export { deeplx } from "./deeplx.ts";
