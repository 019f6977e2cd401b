import type { Call, ModelCard } from "../../src/core/index.ts";
import { createProcessEngine } from "../../src/engines/index.ts";
import { cpuOf } from "../engine-process.ts";
import { servePeer } from "../peer.ts";
import type { Batches, Embedded, EmbedderOptions } from "./bare-embedder.ts";

/** Our engine as a server runs it: in a child process, with texts and vectors crossing its channel. */
function start({ folder, threads }: EmbedderOptions) {
  const engine = createProcessEngine({ name: "onnx", entry: new URL("./measured-onnx.js", import.meta.url), settings: { threads } });
  const model: ModelCard = {
    name: "random",
    aliases: [],
    task: "text-embeddings",
    wireForm: "embedding",
    description: "",
    contextTokens: undefined,
    price: [],
    weights: [{ format: "onnx", path: folder }],
    origin: "local",
    abilities: {},
    createdAt: 0,
  };
  let calls = 0;
  const callOf = (text: readonly string[]): Call<"text-embeddings"> => ({
    id: String(++calls),
    task: "text-embeddings",
    model,
    input: { text: [...text] },
    deadline: Date.now() + 3_600_000,
    account: "bench",
    affinity: undefined,
    signal: new AbortController().signal,
  });
  const cpu = async () => {
    const { user, system } = process.cpuUsage();
    return user + system + (await cpuOf(engine, callOf([])));
  };

  return {
    async embed(batches: Batches): Promise<Embedded> {
      let texts = 0;
      const before = await cpu();
      const began = performance.now();
      for (const batch of batches) {
        for await (const part of engine.run(callOf(batch))) if (part.type === "end") texts += part.output.data.length;
      }
      const seconds = (performance.now() - began) / 1000;
      return { texts, seconds, cpuSeconds: ((await cpu()) - before) / 1e6 };
    },
  };
}

servePeer(start);
