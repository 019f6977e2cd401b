import { cpus } from "node:os";
import { servePeer } from "../peer.ts";

/** The floor of a switch: a process, the library, the file, and the first that it computes. */
const threads = Math.max(1, cpus().length - 1); // as our server takes

function start({ path }: { readonly path: string }) {
  return {
    async first(): Promise<void> {
      if (path.endsWith(".gguf")) {
        const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
        const llama = await getLlama({
          build: "never",
          skipDownload: true,
          gpu: false,
          logLevel: LlamaLogLevel.error,
          maxThreads: threads,
        });
        const model = await llama.loadModel({ modelPath: path });
        const context = await model.createContext({ contextSize: 2048, sequences: 4, threads });
        const sequence = context.getSequence();
        for await (const token of sequence.evaluate(model.tokenize("Hello"))) if (token >= 0) break;
        return;
      }
      const { InferenceSession, Tensor } = await import("onnxruntime-node");
      const session = await InferenceSession.create(path, { intraOpNumThreads: threads });
      const ids = () => new Tensor("int64", BigInt64Array.from([1n, 2n, 3n]), [1, 3]);
      await session.run(Object.fromEntries(session.inputNames.map((name) => [name, ids()])));
    },
  };
}

export type BareLoadCommands = ReturnType<typeof start>;
servePeer(start);
