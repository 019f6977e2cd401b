import { describe, expect, it } from "vitest";
import { chooseGguf } from "./choose-gguf.ts";

const choose = (paths: readonly string[], wish: Parameters<typeof chooseGguf>[1] = {}) =>
  chooseGguf(
    paths.map((path) => ({ path })),
    wish,
    "someone/model",
  ).map(({ path }) => path);

describe("the GGUF of a repository", () => {
  it("is the 4-bit one with K where there are many", () => {
    const many = ["m.Q2_K.gguf", "m.Q4_0.gguf", "m.Q4_K_M.gguf", "m.Q5_K_M.gguf", "m.Q8_0.gguf", "README.md"];
    expect(choose(many)).toEqual(["m.Q4_K_M.gguf"]);
    expect(choose(many.filter((path) => !/_K_M/.test(path)))).toEqual(["m.Q8_0.gguf"]);
  });

  it("is recognised however its name is written", () => {
    expect(choose(["qwen1_5-0_5b-chat-q8_0.gguf", "qwen1_5-0_5b-chat-q4_k_m.gguf"])).toEqual(["qwen1_5-0_5b-chat-q4_k_m.gguf"]);
    expect(choose(["a-fp16.gguf", "a_q5_k_m.gguf"])).toEqual(["a_q5_k_m.gguf"]);
    expect(choose(["una-v2-bf16.Q5_K_S.gguf", "una-v2-bf16.Q8_0.gguf"])).toEqual(["una-v2-bf16.Q5_K_S.gguf"]);
    expect(choose(["m-UD-Q4_K_XL.gguf", "m-UD-IQ1_S.gguf"])).toEqual(["m-UD-Q4_K_XL.gguf"]);
    expect(choose(["Q8_0/m-Q8_0.gguf", "F16/m-F16.gguf"])).toEqual(["Q8_0/m-Q8_0.gguf"]);
  });

  it("is the only one, whatever it is called", () => {
    expect(choose(["ggml-model.gguf", "config.json"])).toEqual(["ggml-model.gguf"]);
  });

  it("is not a projector, nor what a quantisation was measured on", () => {
    expect(choose(["mmproj-model-f16.gguf", "m.imatrix.gguf", "m-Q3_K_S.gguf"])).toEqual(["m-Q3_K_S.gguf"]);
  });

  it("is all parts of a split one, in their order", () => {
    const parts = ["b-Q4_K_M-00003-of-00003.gguf", "b-Q4_K_M-00001-of-00003.gguf", "b-Q4_K_M-00002-of-00003.gguf"];
    expect(choose([...parts, "b-Q8_0.gguf"])).toEqual(parts.toSorted());
    expect(choose(parts, { file: "b-Q4_K_M-00002-of-00003.gguf" })).toEqual(parts.toSorted());
    expect(choose([...parts.slice(1), "b-Q8_0.gguf"])).toEqual(["b-Q8_0.gguf"]); // one part is not there
  });

  it("is the one that was named, and a caller's quantisation goes before a catalogue's file", () => {
    const two = ["m.Q4_K_M.gguf", "m.Q8_0.gguf"];
    expect(choose(two, { file: "m.Q8_0.gguf" })).toEqual(["m.Q8_0.gguf"]);
    expect(choose(two, { quant: "q8_0" })).toEqual(["m.Q8_0.gguf"]);
    expect(choose(two, { file: "m.Q8_0.gguf", quant: "Q4_K_M" })).toEqual(["m.Q4_K_M.gguf"]);
  });

  it("is a Problem that says what there is where the wish cannot be met, or is not clear", () => {
    const two = ["m.Q4_K_M.gguf", "n.Q4_K_M.gguf"];
    expect(() => choose(two, { quant: "Q8_0" })).toThrow("someone/model has no GGUF with Q8_0; it has m.Q4_K_M.gguf, n.Q4_K_M.gguf");
    expect(() => choose(two, { file: "m.gguf" })).toThrow("someone/model has no file m.gguf; it has m.Q4_K_M.gguf, n.Q4_K_M.gguf");
    expect(() => choose(two)).toThrow("several GGUF files that would do; name one of them: m.Q4_K_M.gguf, n.Q4_K_M.gguf");
    expect(() => choose(["m.IQ1_S.gguf", "m.IQ1_M.gguf"])).toThrow("several");
    expect(() => choose(["model.safetensors"])).toThrow("someone/model has no GGUF file");
  });
});
