import type { InferenceSession, Tensor, TypedTensor } from "onnxruntime-node";
import { Problem } from "../../core/index.ts";
import { floatsOf, halvesOf } from "./half.ts";
import { loadGraph } from "./load-graph.ts";

/** Numbers in a shape, row-major. */
export interface Values {
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
}

/** What a graph made: always 32-bit floats, whatever it computes in. */
export interface Made extends Values {
  readonly data: Float32Array;
}

/** A loaded graph. */
export interface Graph {
  /** Its inputs with the length of each side, undefined where any will do. */
  readonly inputs: ReadonlyMap<string, readonly (number | undefined)[]>;
  readonly outputs: readonly string[];
  /**
   * Numbers are handed over in the type that the graph wants, as exporters disagree about those.
   *
   * @param asked the outputs to make, else all
   * @throws Problem engine-failed for an input that the graph wants and nobody gives
   */
  run(given: Readonly<Record<string, Values>>, asked?: readonly string[]): Promise<Readonly<Record<string, Made>>>;
  release(): Promise<void>;
}

/** @throws Error of the runtime for a file that is no graph */
export async function openGraph(file: string, threads: number): Promise<Graph> {
  const { onnx, session } = await loadGraph(file, threads);
  const wanted = session.inputMetadata.filter((input) => input.isTensor);

  function tensorOf(type: Tensor.Type, { data, dims }: Values): TypedTensor<Tensor.Type> {
    switch (type) {
      case "float32":
        return new onnx.Tensor(type, data instanceof Float32Array ? data : Float32Array.from(data), dims);
      case "float16":
        return new onnx.Tensor(type, halvesOf(data), dims);
      case "int64":
        return new onnx.Tensor(
          type,
          BigInt64Array.from(data, (value) => BigInt(Math.trunc(value))),
          dims,
        );
      case "int32":
        return new onnx.Tensor(type, Int32Array.from(data), dims);
      case "bool":
        return new onnx.Tensor(type, Uint8Array.from(data), dims);
      default:
        throw new Problem("engine-failed", `the graph wants numbers of the type ${type}, which this engine does not make`);
    }
  }

  async function run(given: Readonly<Record<string, Values>>, asked: readonly string[] = session.outputNames) {
    const feeds = Object.fromEntries(
      wanted.map(({ name, type }) => {
        const values = given[name];
        if (values) return [name, tensorOf(type, values)];
        throw new Problem(
          "engine-failed",
          `the graph wants the input ${name}, and this engine gives only ${Object.keys(given).join(", ")}`,
        );
      }),
    );
    const made: InferenceSession.ReturnType = await session.run(feeds, asked);
    return Object.fromEntries(asked.map((name) => [name, valuesOf(name, made[name])]));
  }

  return {
    inputs: new Map(
      wanted.map(({ name, shape }) => [name, shape.map((side) => (typeof side === "number" && side > 0 ? side : undefined))]),
    ),
    outputs: session.outputNames,
    run,
    release: () => session.release(),
  };
}

function valuesOf(name: string, tensor: Tensor | undefined): Made {
  if (tensor?.data instanceof Float32Array) return { data: tensor.data, dims: tensor.dims };
  // Halves: Node 20 has no array of its own for them.
  if (tensor?.data instanceof Uint16Array && tensor.type === "float16") return { data: floatsOf(tensor.data), dims: tensor.dims };
  throw new Problem("engine-failed", `the graph's output ${name} is not made of floats`);
}
