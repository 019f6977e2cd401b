import { existsSync } from "node:fs";
import { startPeer } from "../peer.ts";
import type { Row, Suite } from "../suite.ts";
import type { BareLoadCommands } from "./bare-load.ts";
import { megabytesOf, startServer } from "./started-server.ts";

/** Asked in turn where only one may be in memory. */
const models = [
  { name: "@ganglion/tiny-chat", path: "models/tiny-chat/tiny-chat.gguf", body: { prompt: "Hello", max_tokens: 1 } },
  { name: "@ganglion/tiny-embed", path: "models/tiny-embed/onnx/model.onnx", body: { text: ["hello"] } },
] as const;

/** From one model to another where memory has room for one: the process that ends, the one that starts, and the first answer. */
export const switching: Suite = async ({ folder, rounds, progress }) => {
  if (!existsSync("/proc/self/status")) return { rows: [] }; // elsewhere nobody says which processes a server has
  const server = await startServer(folder, { GANGLION_LOADED_MODELS: "1", GANGLION_GPU: "off" });
  const ask = async ({ name, body }: (typeof models)[number]) => {
    const response = await fetch(`${server.url}/client/v4/accounts/${server.accountId}/ai/run/${name}`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  const rows = new Map<string, number[]>();
  const add = (what: string, value: number) => rows.set(what, [...(rows.get(what) ?? []), value]);
  for (const model of models) await ask(model);
  for (let round = 0; round < rounds; round++) {
    for (const model of models) {
      progress(`switch: round ${round + 1} of ${rounds}, ${model.name}`);
      const began = performance.now();
      await ask(model);
      const took = performance.now() - began;
      const children = server.children();
      add(`first answer of ${model.name} in the place of another`, took);
      add(`processes with models beside it`, children.length - 1);
      add(
        `memory of ${model.name}`,
        children.reduce((sum, pid) => sum + megabytesOf(pid), 0),
      );
      const bare = performance.now();
      const peer = await startPeer<BareLoadCommands>("bare-load.js", { path: model.path });
      await peer.ask("first");
      const bareTook = performance.now() - bare;
      await peer.end();
      add(`switch to ${model.name} / node, the library and the file`, took / bareTook);
    }
  }
  server.command("stop", models[1].name);
  const left = server.children().length;
  await server.end();
  const unitOf = (what: string): Row["unit"] => (what.startsWith("first") ? "ms" : what.startsWith("memory") ? "MB" : "");
  const targetOf = (what: string): Pick<Row, "target"> =>
    what.startsWith("processes") ? { target: { most: 0 } } : what.startsWith("switch") ? { target: { most: 1.5 } } : {};
  return {
    rows: [
      ...[...rows].map(([what, values]): Row => ({
        of: "one model in memory",
        what,
        unit: unitOf(what),
        rounds: values,
        ...targetOf(what),
      })),
      { of: "one model in memory", what: "processes with models after it was taken out", unit: "", rounds: [left], target: { most: 0 } },
    ],
  };
};
