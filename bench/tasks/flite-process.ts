import { serveEngine } from "../../src/engines/index.ts";
import { createFliteEngine } from "../../src/engines/flite/index.ts";
import { withCpu } from "../engine-process.ts";

// As src/engines/flite/process.ts, but that it can be asked for its CPU time.
serveEngine(() => withCpu(createFliteEngine()));
