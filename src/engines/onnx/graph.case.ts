import { onnx } from "onnx-proto";

const types = {
  float: onnx.TensorProto.DataType.FLOAT,
  float16: onnx.TensorProto.DataType.FLOAT16,
  int64: onnx.TensorProto.DataType.INT64,
} as const;
type NumberType = keyof typeof types;

/** Sides of a tensor; a word is a side of any length. */
export type Shape = readonly (number | string)[];

export interface GraphParts {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: Readonly<Record<string, Shape>>;
  /** Of inputs and outputs that are no floats. */
  readonly types?: Readonly<Record<string, NumberType>>;
  readonly constants?: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly data: readonly number[]; readonly type?: "int64" }>
  >;
  /** Operator, what it takes, what it makes, and its attributes: whole numbers, lists of them, or words. */
  readonly nodes: readonly (readonly [string, readonly string[], string, Readonly<Record<string, number | readonly number[] | string>>?])[];
}

/** A graph written by hand, for tests whose arithmetic can be followed. */
export function graphOf({ inputs, outputs, types: typesOf = {}, constants = {}, nodes }: GraphParts): Uint8Array {
  const value = ([name, shape]: [string, Shape]) => ({
    name,
    type: {
      tensorType: {
        elemType: types[typesOf[name] ?? "float"],
        shape: { dim: shape.map((side) => (typeof side === "number" ? { dimValue: side } : { dimParam: side })) },
      },
    },
  });
  const model = onnx.ModelProto.create({
    irVersion: 8,
    producerName: "test",
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "test",
      input: Object.entries(inputs).map(value),
      output: Object.entries(outputs).map(value),
      initializer: Object.entries(constants).map(([name, { dims, data, type }]) => ({
        name,
        dims: [...dims],
        dataType: types[type ?? "float"],
        rawData: new Uint8Array((type ? BigInt64Array.from(data, BigInt) : Float32Array.from(data)).buffer),
      })),
      node: nodes.map(([opType, input, output, attributes = {}]) => ({
        opType,
        input: [...input],
        output: [output],
        attribute: Object.entries(attributes).map(([name, given]) =>
          typeof given === "number"
            ? { name, type: onnx.AttributeProto.AttributeType.INT, i: given }
            : typeof given === "string"
              ? { name, type: onnx.AttributeProto.AttributeType.STRING, s: new TextEncoder().encode(given) }
              : { name, type: onnx.AttributeProto.AttributeType.INTS, ints: [...given] },
        ),
      })),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}
