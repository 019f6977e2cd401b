import { serveEngine } from "../index.ts";
import { createLlamaEngine } from "./engine.ts";
import type { LlamaSettings } from "./settings.ts";

// The parent is `createLlamaProcessEngine`, which sends these settings.
serveEngine((settings) => createLlamaEngine(settings as Partial<LlamaSettings>));
