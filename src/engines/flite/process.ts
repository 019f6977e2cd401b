import { serveEngine } from "../index.ts";
import { createFliteEngine } from "./flite.ts";

serveEngine(() => createFliteEngine());
