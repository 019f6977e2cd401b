import { type AiBinding, createAi } from "../../../src/binding/index.ts";

// Compiled and never run: `createAi` and the room that it is in, with the types of Workers instead of a browser's.

/** It has the types of a project's own `Ai`, where it is asked for one. */
const ai: Ai = createAi({ baseUrl: "http://127.0.0.1:8686", token: "" });
export const answer: Promise<{ response?: string }> = ai.run("@cf/meta/llama-3-8b-instruct", { prompt: "Hello" });

/** No method of `Ai` is missing. */
type Missing = Exclude<keyof Ai, keyof AiBinding>;
export const nothingIsMissing: [Missing] extends [never] ? true : Missing = true;

/** A service binding can carry what it asks. */
export const overService = (service: Fetcher) => createAi({ baseUrl: "http://ganglion", fetch: (url, init) => service.fetch(url, init) });
