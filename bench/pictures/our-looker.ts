import type { Call, ModelCard } from "../../src/core/index.ts";
import { createProcessEngine } from "../../src/engines/index.ts";
import { cpuOf } from "../engine-process.ts";
import { servePeer } from "../peer.ts";
import type { Looked, LookerOptions } from "./bare-looker.ts";

/** Our engine as a server runs it: in a child process, with files and labels crossing its channel. */
function start({ folder, threads }: LookerOptions) {
  const engine = createProcessEngine({ name: "onnx", entry: new URL("./measured-onnx.js", import.meta.url), settings: { threads } });
  const model: ModelCard = {
    name: "random",
    aliases: [],
    task: "image-classification",
    wireForm: "labels",
    description: "",
    contextTokens: undefined,
    price: [],
    weights: [{ format: "onnx", path: folder }],
    origin: "local",
    abilities: {},
    createdAt: 0,
  };
  let calls = 0;
  const callOf = (picture: Uint8Array): Call<"image-classification"> => ({
    id: String(++calls),
    task: "image-classification",
    model,
    input: { image: { bytes: new Uint8Array(picture), mediaType: "image/jpeg" } },
    deadline: Date.now() + 3_600_000,
    account: "bench",
    affinity: undefined,
    signal: new AbortController().signal,
  });
  const cpu = async () => {
    const { user, system } = process.cpuUsage();
    return user + system + (await cpuOf(engine, callOf(new Uint8Array())));
  };

  return {
    async look(pictures: readonly Uint8Array[]): Promise<Looked> {
      let looked = 0;
      const before = await cpu();
      const began = performance.now();
      for (const picture of pictures) {
        for await (const part of engine.run(callOf(picture))) if (part.type === "end") looked++;
      }
      const seconds = (performance.now() - began) / 1000;
      return { pictures: looked, seconds, cpuSeconds: ((await cpu()) - before) / 1e6 };
    },
  };
}

servePeer(start);
