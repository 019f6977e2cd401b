import type { InferenceSession, Tensor } from "onnxruntime-node";
import { Problem } from "../../core/index.ts";
import { loadGraph } from "./load-graph.ts";
import type { Row } from "./token-reader.ts";

/** What a graph made of one row, by the names of its outputs. */
export type RowResult = Readonly<Record<string, Vectors>>;

/** `rows` vectors of `width` numbers, one after another; a single vector has one row. Of token vectors, padding is left out. */
export interface Vectors {
  readonly rows: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** A loaded graph that reads token ids. */
export interface Session {
  readonly outputs: readonly string[];
  /** Runs rows as one batch; what it made of each is in their order. */
  run(rows: readonly Row[], outputs: readonly string[]): Promise<readonly RowResult[]>;
  release(): Promise<void>;
}

export interface SessionOptions {
  readonly file: string;
  readonly threads: number;
  /** Fills short rows; masked, so any id will do that the model has. */
  readonly padId: number;
}

const inputs = {
  input_ids: ({ ids }: Row, at: number, padId: number) => ids[at] ?? padId,
  attention_mask: ({ ids }: Row, at: number) => (at < ids.length ? 1 : 0),
  token_type_ids: ({ types }: Row, at: number) => types[at] ?? 0,
} as const;

/**
 * @throws Problem engine-failed for a graph that wants other inputs than tokens
 * @throws Error of the runtime for a file that is no graph
 */
export async function openSession({ file, threads, padId }: SessionOptions): Promise<Session> {
  const { onnx, session } = await loadGraph(file, threads);
  const wanted = session.inputNames.map((name) => {
    if (isInput(name)) return name;
    void session.release();
    throw new Problem("engine-failed", `the graph wants the input ${name}, and this engine gives only ${Object.keys(inputs).join(", ")}`);
  });

  async function run(rows: readonly Row[], outputs: readonly string[]): Promise<RowResult[]> {
    const longest = rows.reduce((most, { ids }) => Math.max(most, ids.length), 1);
    const feeds: Record<string, Tensor> = {};
    for (const name of wanted) {
      const values = new BigInt64Array(rows.length * longest);
      rows.forEach((row, i) => {
        for (let at = 0; at < longest; at++) values[i * longest + at] = BigInt(inputs[name](row, at, padId));
      });
      feeds[name] = new onnx.Tensor("int64", values, [rows.length, longest]);
    }
    const made: InferenceSession.ReturnType = await session.run(feeds, outputs);
    return rows.map((row, i) => Object.fromEntries(outputs.map((name) => [name, vectorsOf(made[name], name, i, row.ids.length)])));
  }

  return { outputs: session.outputNames, run, release: () => session.release() };
}

function isInput(name: string): name is keyof typeof inputs {
  return Object.hasOwn(inputs, name);
}

/** Row `i` of an output of shape [rows, width] or [rows, tokens, width]. */
function vectorsOf(tensor: Tensor | undefined, name: string, i: number, tokens: number): Vectors {
  const [, second = 1, third] = tensor?.dims ?? [];
  if (!tensor || !(tensor.data instanceof Float32Array))
    throw new Problem("engine-failed", `the graph's output ${name} is not made of 32-bit floats`);
  const size = second * (third ?? 1);
  const data = tensor.data.subarray(i * size, (i + 1) * size);
  return third === undefined
    ? { rows: 1, width: second, data }
    : { rows: Math.max(1, tokens), width: third, data: data.subarray(0, Math.max(1, tokens) * third) };
}
