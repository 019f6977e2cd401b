import type { Call, ModelCard } from "../../src/core/index.ts";
import { createLlamaProcessEngine } from "../../src/engines/llama/index.ts";
import { cpuOf } from "../engine-process.ts";
import { servePeer } from "../peer.ts";
import type { Generated, Generation, GeneratorOptions } from "./bare-generator.ts";

/** Our engine as a server runs it: in a child process, with the parts coming over its channel. */
async function start({ path, sequences, contextTokens, threads }: GeneratorOptions) {
  const engine = createLlamaProcessEngine({
    entry: new URL("./measured-llama.js", import.meta.url),
    settings: { gpu: false, threads, sequences, contextTokens },
  });
  const model: ModelCard = {
    name: "random",
    aliases: [],
    task: "text-generation",
    wireForm: "generated-text",
    description: "",
    contextTokens: undefined,
    price: [],
    weights: [{ format: "gguf", path }],
    origin: "local",
    abilities: {},
    createdAt: 0,
  };
  let calls = 0;
  const callOf = (text: string, tokens: number): Call<"text-generation"> => ({
    id: String(++calls),
    task: "text-generation",
    model,
    input: { messages: [{ role: "user", content: text }], max_tokens: tokens, temperature: 0 },
    deadline: Date.now() + 3_600_000,
    account: "bench",
    affinity: undefined,
    signal: new AbortController().signal,
  });
  const cpu = async () => {
    const { user, system } = process.cpuUsage();
    return user + system + (await cpuOf(engine, callOf("", 1)));
  };

  return {
    async generate({ texts, tokens, atOnce }: Generation): Promise<Generated> {
      const left = texts.values();
      const made = { prompt: 0, answer: 0 };
      const caller = async () => {
        for (const text of left) {
          for await (const part of engine.run(callOf(text, tokens))) {
            if (part.type !== "end") continue;
            made.prompt += (part.usage["input-token"] ?? 0) + (part.usage["cached-input-token"] ?? 0);
            made.answer += part.usage["output-token"] ?? 0;
          }
        }
      };
      const before = await cpu();
      const began = performance.now();
      await Promise.all(Array.from({ length: atOnce }, caller));
      const seconds = (performance.now() - began) / 1000;
      return { ...made, seconds, cpuSeconds: ((await cpu()) - before) / 1e6 };
    },
  };
}

servePeer(start);
