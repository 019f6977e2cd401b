/** A graph in memory, with the library, which is loaded for the first one. @throws Error of the runtime for a file that is no graph */
export async function loadGraph(file: string, threads: number) {
  process.env["ORT_DISABLE_TELEMETRY"] = "1"; // read when the library is loaded
  const onnx = await import("onnxruntime-node");
  const session = await onnx.InferenceSession.create(file, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false, // a pattern is kept for every shape seen, and batches of texts have all kinds
    logSeverityLevel: 4, // what it would print comes as an error too
  });
  return { onnx, session };
}
