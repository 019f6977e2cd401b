import { callOf } from "./trial-card.case.ts";
import { createProcessEngine } from "./process.ts";

// Starts a child, says its process id, and stays.
const engine = createProcessEngine({ name: "trial", entry: new URL("./trial-child.case.js", import.meta.url) });
for await (const part of engine.run(callOf("facts"))) if (part.type === "end" && "text" in part.output) console.log(part.output.text);
setInterval(() => {}, 1000);
