// `npm start`: whatever a fresh clone lacks, and then the server, in this very process so that Ctrl-C reaches it.
import { fileURLToPath } from "node:url";
import { ensureBuilt, ensureInstalled } from "./ensure.mjs";

ensureInstalled();
ensureBuilt();
process.setSourceMapsEnabled(true);
const program = new URL("../dist/ganglion.js", import.meta.url);
process.argv = [process.execPath, fileURLToPath(program), "serve", ...process.argv.slice(2)];
await import(program.href);
