import proto, { type onnx as Onnx } from "onnx-proto";
import { createRandom } from "../random.ts";

const { onnx } = proto; // CommonJS, whose names Node does not see

type Attributes = Readonly<Record<string, number | readonly number[]>>;

export const { FLOAT: float, INT64: integer } = onnx.TensorProto.DataType;

/** A number for each element, the length of each side, and words for those of any length. */
interface Port {
  readonly name: string;
  readonly type: number;
  readonly sides: readonly (string | number)[];
}

/** Puts together a graph whose weights are random, always the same ones. */
export function createGraph() {
  const random = createRandom(5);
  const nodes: Onnx.INodeProto[] = [];
  const initializers: Onnx.ITensorProto[] = [];
  let names = 0;

  function constant(dims: readonly number[], dataType: number, values: Float32Array | BigInt64Array): string {
    const name = `c${++names}`;
    initializers.push({ name, dims: [...dims], dataType, rawData: new Uint8Array(values.buffer) });
    return name;
  }
  const sizeOf = (dims: readonly number[]) => dims.reduce((product, side) => product * side, 1);
  const valueOf = ({ name, type, sides }: Port): Onnx.IValueInfoProto => {
    const dim = sides.map((side) => (typeof side === "string" ? { dimParam: side } : { dimValue: side }));
    return { name, type: { tensorType: { elemType: type, shape: { dim } } } };
  };

  return {
    node(opType: string, input: readonly string[], attributes: Attributes = {}, output = `n${++names}`): string {
      const { INT, INTS } = onnx.AttributeProto.AttributeType;
      const attribute = Object.entries(attributes).map(([name, given]) =>
        typeof given === "number" ? { name, type: INT, i: given } : { name, type: INTS, ints: [...given] },
      );
      nodes.push({ opType, input: [...input], output: [output], attribute });
      return output;
    },
    /** Random, and of a size that keeps the size of what a matrix of them multiplies, where `summed` products make one number. */
    weights(dims: readonly number[], summed = dims[0] ?? 1): string {
      const scale = Math.sqrt(3 / summed);
      return constant(
        dims,
        float,
        Float32Array.from({ length: sizeOf(dims) }, () => (random.number() * 2 - 1) * scale),
      );
    },
    floats: (dims: readonly number[], all: number) => constant(dims, float, new Float32Array(sizeOf(dims)).fill(all)),
    integers: (dims: readonly number[], values: readonly number[]) => constant(dims, integer, BigInt64Array.from(values, BigInt)),
    encode({ inputs, output }: { inputs: readonly Port[]; output: Port }): Uint8Array {
      const model = onnx.ModelProto.create({
        irVersion: 8,
        opsetImport: [{ domain: "", version: 17 }],
        graph: {
          name: "random",
          node: nodes,
          initializer: initializers,
          input: inputs.map(valueOf),
          output: [valueOf(output)],
        },
      });
      return onnx.ModelProto.encode(model).finish();
    },
  };
}
