import { InferenceSession } from "onnxruntime-node";
import { createOnnxEngine } from "../../src/engines/onnx/index.ts";
import { servePeer } from "../peer.ts";
import type { Ran, TaskOptions } from "./ran.ts";

type Run = () => Promise<unknown>;

/**
 * The floor of every task: what its graphs compute. Our engine answers once while every `session.run` is written down; what is measured is
 * those, one after the other, with the tensors that it gave them.
 */
async function start({ model, inputs, threads }: TaskOptions) {
  const tape: Run[] = [];
  let writing = false;
  const { create } = InferenceSession;
  InferenceSession.create = (async (...words: Parameters<typeof create>) => {
    const session = await create.apply(InferenceSession, words);
    const run = session.run.bind(session) as (...words: unknown[]) => ReturnType<InferenceSession["run"]>; // it has three forms
    return Object.assign(session, {
      run(...given: unknown[]) {
        if (writing) tape.push(() => run(...given));
        return run(...given);
      },
    });
  }) as typeof create;

  const engine = createOnnxEngine({ threads });
  const answer = async () => {
    for (const [id, input] of inputs.entries()) {
      const call = {
        id: String(id),
        task: model.task,
        model,
        input,
        deadline: Date.now() + 3_600_000,
        account: "bench",
        affinity: undefined,
      };
      for await (const part of engine.run({ ...call, signal: new AbortController().signal })) void part;
    }
  };
  await answer(); // loads
  writing = true;
  await answer();
  writing = false;

  return {
    async run(): Promise<Ran> {
      const before = process.cpuUsage();
      const began = performance.now();
      for (const run of tape) await run();
      const seconds = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(before);
      return { seconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
}

servePeer(start);
