import { getLlama, type LlamaContextSequence, LlamaLogLevel } from "node-llama-cpp";
import { servePeer } from "../peer.ts";
import { promptOf } from "./random-gguf.ts";

export interface GeneratorOptions {
  readonly path: string;
  readonly threads: number;
  readonly sequences: number;
  readonly contextTokens: number;
}

export interface Generation {
  readonly texts: readonly string[];
  /** Of each answer. */
  readonly tokens: number;
  readonly atOnce: number;
}

export interface Generated {
  readonly prompt: number;
  readonly answer: number;
  readonly seconds: number;
  /** Of all processes and threads. */
  readonly cpuSeconds: number;
}

/** The floor: node-llama-cpp's own evaluation, tokens in and tokens out, in this process. */
async function start({ path, threads, sequences: count, contextTokens }: GeneratorOptions) {
  const llama = await getLlama({ build: "never", skipDownload: true, gpu: false, logLevel: LlamaLogLevel.error, maxThreads: threads });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ contextSize: contextTokens, sequences: count, threads, batchSize: 512 });
  const sequences = Array.from({ length: count }, () => context.getSequence());

  async function answer(sequence: LlamaContextSequence, text: string, limit: number): Promise<{ prompt: number; answer: number }> {
    const tokens = model.tokenize(promptOf(text), true);
    await sequence.clearHistory();
    let made = 0;
    for await (const _token of sequence.evaluate(tokens, { temperature: 0 })) if (++made >= limit) break;
    return { prompt: tokens.length, answer: made };
  }

  return {
    async generate({ texts, tokens, atOnce }: Generation): Promise<Generated> {
      const left = texts.values();
      const made = { prompt: 0, answer: 0 };
      const caller = async (sequence: LlamaContextSequence) => {
        for (const text of left) {
          const one = await answer(sequence, text, tokens);
          made.prompt += one.prompt;
          made.answer += one.answer;
        }
      };
      const before = process.cpuUsage();
      const began = performance.now();
      await Promise.all(sequences.slice(0, atOnce).map(caller));
      const seconds = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(before);
      return { ...made, seconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
}

export type GeneratorCommands = Awaited<ReturnType<typeof start>>;
servePeer(start);
