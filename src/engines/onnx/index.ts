export { createOnnxEngine } from "./onnx.ts";
export type { OnnxOptions } from "./options.ts";
