import { serveEngine } from "../../src/engines/index.ts";
import { createOnnxEngine, type OnnxOptions } from "../../src/engines/onnx/index.ts";
import { withCpu } from "../engine-process.ts";

// As src/engines/onnx/process.ts, but that it can be asked for its CPU time.
serveEngine((settings) => withCpu(createOnnxEngine(settings as OnnxOptions)));
