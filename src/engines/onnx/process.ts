import { serveEngine } from "../index.ts";
import { createOnnxEngine } from "./onnx.ts";

// Whoever starts this process gives it OnnxOptions, without functions.
serveEngine((settings) => createOnnxEngine(settings ?? {}));
