import type { Call } from "../../src/core/index.ts";
import { createProcessEngine } from "../../src/engines/index.ts";
import { cpuOf } from "../engine-process.ts";
import { servePeer } from "../peer.ts";
import type { Ran, TaskOptions } from "./ran.ts";

/** Our engine as a server runs it: in a child process, with files and answers crossing its channel. */
function start({ model, inputs, threads }: TaskOptions) {
  const flite = model.task === "text-to-speech";
  const entry = new URL(flite ? "./measured-flite.js" : "./measured-onnx.js", import.meta.url);
  const engine = createProcessEngine({ name: "measured", entry, settings: { threads } });
  let calls = 0;
  const callOf = (input: Call["input"]): Call => ({
    id: String(++calls),
    task: model.task,
    model,
    input,
    deadline: Date.now() + 3_600_000,
    account: "bench",
    affinity: undefined,
    signal: new AbortController().signal,
  });
  const cpu = async () => {
    const { user, system } = process.cpuUsage();
    return user + system + (await cpuOf(engine, callOf(inputs[0] ?? { text: "" })));
  };

  return {
    async run(): Promise<Ran> {
      const before = await cpu();
      const began = performance.now();
      for (const input of inputs) for await (const part of engine.run(callOf(input))) void part;
      const seconds = (performance.now() - began) / 1000;
      return { seconds, cpuSeconds: ((await cpu()) - before) / 1e6 };
    },
  };
}

export type TaskCommands = ReturnType<typeof start>;
servePeer(start);
