import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { servePeer } from "../peer.ts";

export interface EmbedderOptions {
  readonly folder: string;
  readonly threads: number;
}

/** Batches, one after the other. */
export type Batches = readonly (readonly string[])[];

export interface Embedded {
  readonly texts: number;
  readonly seconds: number;
  /** Of all processes and threads. */
  readonly cpuSeconds: number;
}

/** The floor: tokenizer and session as their documentation uses them; each batch is padded to its longest text, and nothing is pooled. */
async function start({ folder, threads }: EmbedderOptions) {
  const json = (file: string): object => JSON.parse(readFileSync(join(folder, file), "utf8")) as object; // random-bert.ts wrote them
  const tokenizer = new Tokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
  const session = await InferenceSession.create(join(folder, "onnx", "model.onnx"), { intraOpNumThreads: threads, interOpNumThreads: 1 });

  async function run(texts: readonly string[]): Promise<void> {
    const rows = texts.map((text) => tokenizer.encode(text).ids);
    const longest = Math.max(...rows.map((row) => row.length));
    const tensor = (fill: (row: readonly number[], at: number) => number) => {
      const values = new BigInt64Array(rows.length * longest);
      rows.forEach((row, i) => {
        for (let at = 0; at < longest; at++) values[i * longest + at] = BigInt(fill(row, at));
      });
      return new Tensor("int64", values, [rows.length, longest]);
    };
    await session.run({
      input_ids: tensor((row, at) => row[at] ?? 0),
      attention_mask: tensor((row, at) => (at < row.length ? 1 : 0)),
      token_type_ids: tensor(() => 0),
    });
  }

  return {
    async embed(batches: Batches): Promise<Embedded> {
      const before = process.cpuUsage();
      const began = performance.now();
      for (const batch of batches) await run(batch);
      const seconds = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(before);
      return { texts: batches.flat().length, seconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
}

export type EmbedderCommands = Awaited<ReturnType<typeof start>>;
servePeer(start);
