import { serveEngine } from "../index.ts";
import { createFliteEngine } from "./flite.ts";

// Node says at each start that node:wasi may change; that is nothing for the log of a server.
process.removeAllListeners("warning");
serveEngine(() => createFliteEngine());
