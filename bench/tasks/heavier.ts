import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import proto, { type onnx as Onnx } from "onnx-proto";
import { createRandom } from "../random.ts";

const { onnx } = proto; // CommonJS, whose names Node does not see

const [width, layers] = [1024, 8];

/**
 * A copy of a model that answers the same and computes as much as a large one: beside the nodes of each graph there are eight layers of
 * random weights, 8 million in all, and nothing of what they make is added to its first output.
 *
 * @param rows that go through those layers; 512 take 4.3 thousand million products, as ResNet-50 does
 */
export function writeHeavier(from: string, to: string, rows: number): void {
  cpSync(from, to, { recursive: true });
  for (const entry of readdirSync(to, { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".onnx")) continue;
    const file = join(to, entry);
    writeFileSync(file, withBallast(readFileSync(file), rows));
  }
}

function withBallast(bytes: Uint8Array, rows: number): Uint8Array {
  const model = onnx.ModelProto.decode(bytes);
  const { graph } = model;
  const name = graph?.output?.[0]?.name;
  if (!graph || typeof name !== "string") throw new Error("the graph has no output");
  const light = `${name}_light`;
  for (const node of graph.node ?? []) {
    node.output = node.output?.map((output) => (output === name ? light : output)) ?? [];
    node.input = node.input?.map((input) => (input === name ? light : input)) ?? [];
  }
  const random = createRandom(9);
  const constant = (constantName: string, dims: readonly number[], values: Float32Array) => {
    graph.initializer?.push({
      name: constantName,
      dims: [...dims],
      dataType: onnx.TensorProto.DataType.FLOAT,
      rawData: new Uint8Array(values.buffer),
    });
    return constantName;
  };
  const add = (opType: string, input: readonly string[], output: string, attribute: Onnx.IAttributeProto[] = []) => {
    graph.node?.push({ opType, input: [...input], output: [output], attribute });
    return output;
  };
  const mean = (of: string, output: string) =>
    add("ReduceMean", [of], output, [{ name: "keepdims", type: onnx.AttributeProto.AttributeType.INT, i: 0 }]);

  let x = add(
    "Mul",
    [mean(light, "ballast_in"), constant("ballast_ones", [rows, width], new Float32Array(rows * width).fill(1))],
    "ballast_0",
  );
  const scale = Math.sqrt(3 / width);
  for (let layer = 1; layer <= layers; layer++) {
    const weights = Float32Array.from({ length: width * width }, () => (random.number() * 2 - 1) * scale);
    x = add("MatMul", [x, constant(`ballast_weights_${layer}`, [width, width], weights)], `ballast_${layer}`);
  }
  const nothing = add("Mul", [mean(x, "ballast_mean"), constant("ballast_zero", [], new Float32Array(1))], "ballast_nothing");
  add("Add", [light, nothing], name);
  return onnx.ModelProto.encode(model).finish();
}
