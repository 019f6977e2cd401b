import { serveEngine } from "./serve-engine.ts";
import { createTrialEngine } from "./trial-engine.case.ts";

serveEngine(createTrialEngine);
