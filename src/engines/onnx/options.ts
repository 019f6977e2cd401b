import { availableParallelism, totalmem } from "node:os";

export interface OnnxOptions {
  /** Threads of one computation. Absent: all cores but one, which reads, writes and tokenizes. */
  readonly threads?: number;
  /** Tokens that run together, padding included; a longer text runs alone. Absent: what each kind of model is quickest with. */
  readonly batchTokens?: number;
  /** Bytes of model files in memory; beyond it idle models leave, the least recently used first. Absent: a quarter of this machine's memory. */
  readonly maxModelBytes?: number;
  /** Told of every batch before it runs. */
  readonly onBatch?: (batch: BatchReport) => void;
}

export interface BatchReport {
  readonly model: string;
  readonly texts: number;
  /** Calls that these texts came with. */
  readonly calls: number;
  /** Tokens of the longest text: the others are padded to it. */
  readonly longest: number;
}

export type Limits = Required<Omit<OnnxOptions, "onBatch" | "batchTokens">> & Pick<OnnxOptions, "batchTokens">;

export function limitsOf({ threads, batchTokens, maxModelBytes }: OnnxOptions): Limits {
  return {
    threads: threads ?? Math.max(1, availableParallelism() - 1),
    ...(batchTokens !== undefined && { batchTokens }),
    maxModelBytes: maxModelBytes ?? totalmem() / 4,
  };
}
