export { taskOfFolder } from "./folder-task.ts";
export { createOnnxEngine } from "./onnx.ts";
export type { OnnxOptions } from "./options.ts";
export { createOnnxProcessEngine, type OnnxProcessOptions } from "./process-engine.ts";
