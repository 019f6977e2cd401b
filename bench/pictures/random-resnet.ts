import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGraph, float } from "../onnx/random-graph.ts";

export interface ResNetShape {
  /** Of the four stages. */
  readonly blocks: readonly number[];
  readonly width: number;
}

/** 25 million parameters. Source: He et al., arXiv 1512.03385, table 1. */
export const resNet50: ResNetShape = { blocks: [3, 4, 6, 3], width: 64 };
export const tinyResNet: ResNetShape = { blocks: [1, 1, 1, 1], width: 8 };

const labels = 1000;

/** Writes the folder of a ResNet with random weights, as Hugging Face's exporters lay it out, prepared like microsoft/resnet-50. */
export function writeRandomResNet(folder: string, shape: ResNetShape): void {
  mkdirSync(join(folder, "onnx"), { recursive: true });
  writeFileSync(join(folder, "onnx", "model.onnx"), graphOf(shape));
  const json = (file: string, value: object) => writeFileSync(join(folder, file), JSON.stringify(value));
  json("config.json", { model_type: "resnet" });
  json("preprocessor_config.json", {
    feature_extractor_type: "ConvNextFeatureExtractor",
    size: 224,
    crop_pct: 0.875,
    resample: 3,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
  });
}

function graphOf({ blocks, width }: ResNetShape): Uint8Array {
  const { node, weights, encode } = createGraph();
  const convolve = (x: string, from: number, to: number, side: number, stride: number) => {
    const around = Math.floor(side / 2);
    const attributes = { kernel_shape: [side, side], strides: [stride, stride], pads: [around, around, around, around] };
    return node("Conv", [x, weights([to, from, side, side], from * side * side)], attributes);
  };
  const relu = (x: string) => node("Relu", [x]);

  let x = relu(convolve("pixel_values", 3, width, 7, 2));
  x = node("MaxPool", [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  let channels = width;
  blocks.forEach((count, stage) => {
    const inner = width * 2 ** stage;
    for (let block = 0; block < count; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const bent = convolve(relu(convolve(relu(convolve(x, channels, inner, 1, 1)), inner, inner, 3, stride)), inner, 4 * inner, 1, 1);
      const straight = block === 0 ? convolve(x, channels, 4 * inner, 1, stride) : x;
      x = relu(node("Add", [bent, straight]));
      channels = 4 * inner;
    }
  });
  const pooled = node("Flatten", [node("GlobalAveragePool", [x])], { axis: 1 });
  node("MatMul", [pooled, weights([channels, labels])], {}, "logits");
  return encode({
    inputs: [{ name: "pixel_values", type: float, sides: ["batch", 3, "height", "width"] }],
    output: { name: "logits", type: float, sides: ["batch", labels] },
  });
}
