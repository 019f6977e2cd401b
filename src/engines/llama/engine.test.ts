import { describeEngine } from "../conformance.ts";
import { createLlamaEngine } from "./engine.ts";
import { createLlamaProcessEngine } from "./index.ts";
import { tinyChat } from "./tiny-chat.case.ts";

const settings = { threads: 1 };

describeEngine("llama", { create: () => createLlamaEngine(settings), models: { "text-generation": tinyChat } });
describeEngine("llama in processes", {
  create: () => createLlamaProcessEngine({ entry: new URL("../../../dist/llama-process.js", import.meta.url), settings }),
  models: { "text-generation": tinyChat },
});
