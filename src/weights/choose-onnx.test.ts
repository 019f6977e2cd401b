import { describe, expect, it } from "vitest";
import { chooseOnnx } from "./choose-onnx.ts";

const choose = (paths: readonly string[], quant?: string) =>
  chooseOnnx(
    paths.map((path) => ({ path })),
    quant,
    "someone/model",
  ).map(({ path }) => path);

const companions = ["config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"];
const others = [".gitattributes", "README.md", "model.safetensors", "pytorch_model.bin", "openvino/model.xml", "eval/results.json"];

describe("the ONNX files of a repository", () => {
  it("are the most exact graph, the configuration and the tokenizer, and nothing else", () => {
    const graphs = ["onnx/model.onnx", "onnx/model_fp16.onnx", "onnx/model_quantized.onnx", "onnx/model_q4f16.onnx"];
    expect(choose([...others, ...companions, ...graphs])).toEqual([...companions, "onnx/model.onnx"]);
    expect(choose([...companions, ...graphs.slice(2)])).toEqual([...companions, "onnx/model_quantized.onnx"]);
  });

  it("are those of the quantisation that was asked for", () => {
    const graphs = [
      "onnx/model.onnx",
      "onnx/model_fp16.onnx",
      "onnx/model_quantized.onnx",
      "onnx/model_uint8.onnx",
      "onnx/model_int8.onnx",
    ];
    expect(choose(graphs, "q8")).toEqual(["onnx/model_quantized.onnx"]);
    expect(choose(graphs, "int8")).toEqual(["onnx/model_int8.onnx"]);
    expect(() => choose(graphs, "q4")).toThrow("someone/model has no model with q4; it has fp32, fp16, q8, uint8, int8");
  });

  it("bring the weights that are too large for the graph's own file", () => {
    const graphs = [
      "onnx/model.onnx",
      "onnx/model.onnx_data",
      "onnx/model.onnx_data_1",
      "onnx/model_fp16.onnx",
      "onnx/model_fp16.onnx_data",
    ];
    expect(choose(graphs)).toEqual(graphs.slice(0, 3));
    expect(choose(graphs, "fp16")).toEqual(graphs.slice(3));
  });

  it("have an encoder and one decoder: the merged one where there is one", () => {
    const encoder = "onnx/encoder_model.onnx";
    const apart = ["onnx/decoder_model.onnx", "onnx/decoder_with_past_model.onnx"];
    const merged = ["onnx/decoder_model_merged.onnx", "onnx/decoder_model_merged_quantized.onnx"];
    expect(choose([encoder, ...apart, ...merged, "onnx/encoder_model_quantized.onnx"])).toEqual([
      encoder,
      "onnx/decoder_model_merged.onnx",
    ]);
    expect(choose([encoder, ...apart])).toEqual([encoder, ...apart]);
  });

  it("leave out graphs that were made from another one for some machine", () => {
    const made = ["onnx/model_O1.onnx", "onnx/model_O4.onnx", "onnx/model_qint8_avx512_vnni.onnx", "onnx/model_quint8_avx2.onnx"];
    expect(choose(["onnx/model.onnx", ...made])).toEqual(["onnx/model.onnx"]);
  });

  it("may be in the top folder, with the pooling of a sentence encoder", () => {
    expect(choose(["1_Pooling/config.json", "config.json", "model.onnx", "other/config.json"])).toEqual([
      "1_Pooling/config.json",
      "config.json",
      "model.onnx",
    ]);
  });

  it("are a graph in each folder of a pipeline", () => {
    const pipeline = [
      "model_index.json",
      "scheduler/scheduler_config.json",
      "text_encoder/config.json",
      "text_encoder/model.onnx",
      "tokenizer/merges.txt",
      "tokenizer/vocab.json",
      "unet/config.json",
      "unet/model.onnx",
      "unet/model.onnx_data",
      "vae_decoder/model.onnx",
      "vae_encoder/model.onnx",
    ];
    const apart = ["unet/diffusion_pytorch_model.safetensors", "unet/openvino_model.bin", "sd_xl_base_1.0.safetensors"];
    expect(choose([...pipeline, ...apart])).toEqual(pipeline);
  });

  it("are a Problem where there are none", () => {
    expect(() => choose(["config.json", "model.safetensors"])).toThrow("someone/model has no ONNX graphs");
  });
});
