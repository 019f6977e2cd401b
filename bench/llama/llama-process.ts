import { createLlamaEngine } from "../../src/engines/llama/engine.ts";
import type { LlamaSettings } from "../../src/engines/llama/index.ts";
import { serveEngine } from "../../src/engines/index.ts";
import { withCpu } from "../engine-process.ts";

// As src/engines/llama/process.ts, but that it can be asked for its CPU time.
serveEngine((settings) => withCpu(createLlamaEngine(settings as Partial<LlamaSettings>)));
