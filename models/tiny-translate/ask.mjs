// Asks a model in a folder through the server's own engine: npm run build comes first.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A function that takes an input of the task and returns the output and what it used. */
export async function openModel(folder, task) {
  const child = fork(fileURLToPath(new URL("../../dist/onnx-process.js", import.meta.url)), { serialization: "advanced" });
  const waiting = new Map();
  let last = 0;
  await new Promise((resolve) => {
    child.on("message", (message) => {
      if (message.type === "ready") return resolve();
      for (const { id, part, problem } of message.events ?? []) {
        if (problem) waiting.get(id).reject(new Error(problem.message));
        if (part?.type === "end") waiting.get(id).resolve(part);
      }
    });
    child.send({ type: "start", settings: { threads: 1 } });
  });
  const model = { name: folder, aliases: [], task, wireForm: "", description: "", price: [], weights: [{ format: "onnx", path: folder }], origin: "local", abilities: {}, createdAt: 0 };
  return {
    ask: (input) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        child.send({ type: "run", id, call: { id: `${id}`, task, model, input, deadline: Date.now() + 600_000, account: "", affinity: undefined } });
      }),
    close: () => child.disconnect(),
  };
}
