import { afterAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { graphOf } from "./graph.case.ts";
import { openGraph } from "./graph.ts";
import { modelFolders } from "./models.case.ts";

const folders = modelFolders();
afterAll(() => folders.remove());

const open = async (...parts: Parameters<typeof graphOf>) =>
  openGraph(join(folders.folder({ "model.onnx": graphOf(...parts) }), "model.onnx"), 1);

describe("a graph", () => {
  it("gets its numbers in the type that it wants", async () => {
    const graph = await open({
      inputs: { whole: ["n"], half: ["n"], full: ["n"] },
      types: { whole: "int64", half: "float16" },
      outputs: { sum: ["n"] },
      nodes: [
        ["Cast", ["whole"], "a", { to: 1 }],
        ["Cast", ["half"], "b", { to: 1 }],
        ["Add", ["a", "b"], "c"],
        ["Add", ["c", "full"], "sum"],
      ],
    });
    const values = (...data: number[]) => ({ data, dims: [data.length] });
    const { sum } = await graph.run({ whole: values(1, -2, 999.7), half: values(0.5, 0.25, 0), full: values(0.125, 1e-3, 0) });
    expect(sum).toEqual({ data: Float32Array.of(1.625, Math.fround(-1.75 + Math.fround(1e-3)), 999), dims: [3] });
    await graph.release();
  });

  it("that computes in halves answers in floats", async () => {
    const graph = await open({
      inputs: { x: ["n"] },
      types: { x: "float16", y: "float16" },
      outputs: { y: ["n"] },
      nodes: [["Identity", ["x"], "y"]],
    });
    expect((await graph.run({ x: { data: [1 / 3, -2], dims: [2] } }))["y"]?.data).toEqual(Float32Array.of(0.333251953125, -2));
    await graph.release();
  });

  it("tells the sides of its inputs, as far as they are fixed", async () => {
    const graph = await open({ inputs: { x: ["n", 3, 8] }, outputs: { y: ["n", 3, 8] }, nodes: [["Identity", ["x"], "y"]] });
    expect([...graph.inputs]).toEqual([["x", [undefined, 3, 8]]]);
    expect(graph.outputs).toEqual(["y"]);
    await graph.release();
  });

  it("names the input that nobody gives", async () => {
    const graph = await open({ inputs: { wish: ["n"] }, outputs: { y: ["n"] }, nodes: [["Identity", ["wish"], "y"]] });
    await expect(graph.run({ x: { data: [1], dims: [1] } })).rejects.toThrow(
      "the graph wants the input wish, and this engine gives only x",
    );
    await graph.release();
  });
});
