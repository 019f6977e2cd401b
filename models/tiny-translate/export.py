#!/usr/bin/python3
"""Writes a checkpoint of training.py as an ONNX folder in the layout of transformers.js. Needs torch and onnx (Debian: python3-torch, python3-onnx).

usage: export.py IN.pt FOLDER [--beams N] [--check TEXTS.jsonl CHECK.json]

The decoder is one graph with a branch for the first tokens and one for those after them, as exporters merge theirs. Matrices are stored in
8 bits with a scale for each row and unfolded when the file is loaded; all arithmetic is in 32-bit floats. What the encoder hands over holds,
beside its states, the keys for copying and the ids of the source, for a decoder of this layout is not given those.
"""
import argparse, json, os
os.environ.setdefault("OMP_NUM_THREADS", "1"); os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np, onnx, torch, torch.nn as nn, torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from network import EOS, PAD, SPECIALS, Tokenizer
from phrase_book import LANGUAGES


class Part(nn.Module):
    """Weights by their names in the checkpoint, matrices turned round for x @ w."""

    def __init__(self, c, prefixes):
        super().__init__()
        self.s = c["shape"]
        for name, value in c["model"].items():
            if not name.startswith(prefixes): continue
            turned = value.dim() == 2 and not name.startswith(("emb", "choose"))
            self.register_buffer(name.replace(".", "_"), (value.t().contiguous() if turned else value).float())
        half = self.s["d"] // self.s["heads"]
        angle = torch.outer(torch.arange(self.s["positions"]).float(), 10000.0 ** (-torch.arange(0, half, 2).float() / half))
        self.register_buffer("cos", angle.cos()); self.register_buffer("sin", angle.sin())

    def norm(self, x, gain): return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-5) * gain

    def split(self, x): return x.reshape(x.shape[0], x.shape[1], self.s["heads"], -1).transpose(1, 2)

    def join(self, x): return x.transpose(1, 2).reshape(x.shape[0], x.shape[2], self.s["d"])

    def rotate(self, x, at):
        cos, sin = self.cos[at], self.sin[at]
        a, b = x[..., 0::2], x[..., 1::2]
        return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)

    def attend(self, q, k, v, mask): return self.join((q @ k.transpose(-1, -2) * (self.s["d"] // self.s["heads"]) ** -0.5 + mask).softmax(-1) @ v)

    def feed(self, x, w):
        h = self.norm(x, w("n2"))
        return x + (F.silu(h @ w("gate")) * (h @ w("up"))) @ w("down")


class Encoder(Part):
    def __init__(self, c): super().__init__(c, ("emb", "encoder", "read_norm", "copy_k"))

    def forward(self, input_ids, attention_mask):
        mask = (1.0 - attention_mask.float())[:, None, None, :] * -1e9
        at = torch.arange(input_ids.shape[1])
        x = F.embedding(input_ids, self.emb) * self.s["d"] ** 0.5
        for i in range(self.s["encoder"]):
            w = lambda name: getattr(self, f"encoder_{i}_{name}")
            h = self.norm(x, w("n1"))
            x = x + self.attend(self.rotate(self.split(h @ w("q")), at), self.rotate(self.split(h @ w("k")), at), self.split(h @ w("v")), mask) @ w("o")
            x = self.feed(x, w)
        x = self.norm(x, self.read_norm)
        return torch.cat([x, x @ self.copy_k, input_ids.float()[..., None]], -1)


class Decoder(Part):
    def __init__(self, c, cached):
        super().__init__(c, ("emb", "decoder", "norm", "copy_q", "choose"))
        self.register_buffer("emb_turned", self.emb.t().contiguous())
        self.cached = cached

    def forward(self, encoder_attention_mask, input_ids, encoder_hidden_states, *past):
        d = self.s["d"]
        read, keys, source = encoder_hidden_states[..., :d], encoder_hidden_states[..., d:2 * d], encoder_hidden_states[..., 2 * d].long()
        hidden = (1.0 - encoder_attention_mask.float()) * -1e9
        t = input_ids.shape[1]
        if self.cached: at, mask = torch.arange(t) + past[0].shape[2], torch.zeros(1, 1)
        else:
            at = torch.arange(t)
            mask = (at[:, None] < at[None, :]).float() * -1e9
        x = F.embedding(input_ids, self.emb) * d ** 0.5
        out = []
        for i in range(self.s["decoder"]):
            w = lambda name: getattr(self, f"decoder_{i}_{name}")
            h = self.norm(x, w("n1"))
            k, v = self.rotate(self.split(h @ w("k")), at), self.split(h @ w("v"))
            if self.cached: k, v = torch.cat([past[4 * i], k], 2), torch.cat([past[4 * i + 1], v], 2)
            x = x + self.attend(self.rotate(self.split(h @ w("q")), at), k, v, mask) @ w("o")
            ck, cv = (past[4 * i + 2] * 1.0, past[4 * i + 3] * 1.0) if self.cached else (self.split(read @ w("ck")), self.split(read @ w("cv")))
            x = x + self.attend(self.split(self.norm(x, w("n3")) @ w("cq")), ck, cv, hidden[:, None, None, :]) @ w("co")
            x = self.feed(x, w)
            out += [k, v, ck, cv]
        state = self.norm(x, self.norm_weight)
        said = (state @ self.emb_turned).softmax(-1)
        copied = ((state @ self.copy_q) @ keys.transpose(1, 2) * d ** -0.5 + hidden[:, None, :]).softmax(-1)
        say = torch.sigmoid((state * self.choose).sum(-1, keepdim=True))
        where = source[:, None, :].expand(-1, t, -1)
        return (((say * said).scatter_add(2, where, (1.0 - say) * copied) + 1e-20).log(), *out)


# The final norm's name is that of a method.
def load(path):
    c = torch.load(path, map_location="cpu")
    c["model"]["norm_weight"] = c["model"].pop("norm")
    return c


def traced(module, path, inputs, outputs, free):
    with torch.no_grad():
        torch.onnx.export(module.eval(), tuple(inputs.values()), path, input_names=list(inputs), output_names=outputs, dynamic_axes=free, opset_version=16, do_constant_folding=False)
    model = onnx.load(path)
    os.remove(path)
    return model


def stored(tensor, name):
    """Nodes and initializers that make a weight out of what is stored of it."""
    value = numpy_helper.to_array(tensor)
    if value.ndim != 2 or value.size < 4096 or name in ("cos", "sin"): return [numpy_helper.from_array(value, name)], []
    scale = np.maximum(np.abs(value).max(1, keepdims=True) / 127, 1e-8).astype(np.float32)
    small = np.rint(value / scale).clip(-127, 127).astype(np.int8)
    return ([numpy_helper.from_array(small, name + "_int8"), numpy_helper.from_array(scale, name + "_scale")],
            [helper.make_node("Cast", [name + "_int8"], [name + "_float"], to=TensorProto.FLOAT), helper.make_node("Mul", [name + "_float", name + "_scale"], [name])])


def weights(models):
    initializers, nodes, seen = [], [], set()
    for model in models:
        for tensor in model.graph.initializer:
            if tensor.name in seen: continue
            seen.add(tensor.name)
            if tensor.name == "emb_turned": nodes.append(helper.make_node("Transpose", ["emb"], ["emb_turned"], perm=[1, 0])); continue
            some, made = stored(tensor, tensor.name)
            initializers += some; nodes[:0] = made
    return initializers, nodes


def branch(model, prefix, shared):
    """A graph as a branch: it takes the outer inputs and weights by their names, and its own names cannot be mistaken for those."""
    graph = model.graph
    own = lambda name: name if name == "" or name in shared else prefix + name
    nodes = []
    for node in graph.node:
        copy = helper.make_node(node.op_type, [own(n) for n in node.input], [own(n) for n in node.output], name=prefix + node.name, domain=node.domain)
        copy.attribute.extend(node.attribute)
        nodes.append(copy)
    outputs = []
    for output in graph.output:
        copy = helper.make_empty_tensor_value_info(prefix + output.name)
        copy.type.CopyFrom(output.type)
        outputs.append(copy)
    return helper.make_graph(nodes, prefix + "branch", [], outputs)


def merged(first, later):
    """One graph that runs `later` where there is a cache and `first` where there is none."""
    inputs = list(later.graph.input)
    initializers, nodes = weights([first, later])
    shared = {i.name for i in inputs} | {t.name for m in (first, later) for t in m.graph.initializer}
    names = [o.name for o in first.graph.output]
    flag = helper.make_tensor_value_info("use_cache_branch", TensorProto.BOOL, [1])
    choose = helper.make_node("If", ["use_cache_branch"], names, then_branch=branch(later, "then_", shared), else_branch=branch(first, "else_", shared))
    graph = helper.make_graph(nodes + [choose], "decoder", inputs + [flag], list(first.graph.output), initializers)
    return helper.make_model(graph, producer_name="ganglion", opset_imports=[helper.make_opsetid("", 16)], ir_version=8)


def plain(model):
    initializers, nodes = weights([model])
    graph = helper.make_graph(nodes + list(model.graph.node), "encoder", list(model.graph.input), list(model.graph.output), initializers)
    return helper.make_model(graph, producer_name="ganglion", opset_imports=[helper.make_opsetid("", 16)], ir_version=8)


def save(model, path):
    for node in model.graph.node: node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, path)
    print(path, os.path.getsize(path), "bytes")


def graphs(c, folder):
    s, os_path = c["shape"], folder + "/onnx"
    os.makedirs(os_path, exist_ok=True)
    ids, mask = torch.full((2, 5), 7), torch.ones(2, 5, dtype=torch.long)
    free = {0: "batch", 1: "encoder_length"}
    encoder = traced(Encoder(c), os_path + "/tmp.onnx", {"input_ids": ids, "attention_mask": mask}, ["last_hidden_state"], {n: free for n in ("input_ids", "attention_mask", "last_hidden_state")})
    save(plain(encoder), os_path + "/encoder_model.onnx")
    states = torch.zeros(2, 5, 2 * s["d"] + 1)
    kinds = [f"{i}.{part}.{what}" for i in range(s["decoder"]) for part in ("decoder", "encoder") for what in ("key", "value")]
    axes = {"encoder_attention_mask": free, "input_ids": {0: "batch", 1: "length"}, "encoder_hidden_states": free, "logits": {0: "batch", 1: "length"}}
    axes.update({f"past_key_values.{k}": {0: "batch", 2: "encoder_length_out" if ".encoder." in k else "past_length"} for k in kinds})
    axes.update({f"present.{k}": {0: "batch", 2: "encoder_length_out" if ".encoder." in k else "length_so_far"} for k in kinds})
    outputs = ["logits"] + [f"present.{k}" for k in kinds]
    reading = {"encoder_attention_mask": mask, "input_ids": torch.full((2, 3), 7), "encoder_hidden_states": states}
    first = traced(Decoder(c, False), os_path + "/tmp.onnx", reading, outputs, axes)
    head = s["d"] // s["heads"]
    past = {f"past_key_values.{k}": torch.zeros(2, s["heads"], 5 if ".encoder." in k else 4, head) for k in kinds}
    later = traced(Decoder(c, True), os_path + "/tmp.onnx", {**reading, "input_ids": torch.full((2, 1), 7), **past}, outputs, axes)
    save(merged(first, later), os_path + "/decoder_model_merged.onnx")


def tokenizer(c, folder, languages):
    tokens = c["tokens"]
    ids = {t: i for i, t in enumerate(tokens)}
    special = SPECIALS + [t for t in tokens if t.startswith("__") and t.endswith("__")]
    whole = lambda t: t not in special and not (t.startswith("<0x") and len(t) == 6)
    merges = sorted((i, len(t[:n]), [t[:n], t[n:]]) for t, i in ids.items() if whole(t) for n in range(1, len(t)) if t[:n] in ids and t[n:] in ids and whole(t[:n]) and whole(t[n:]))
    frame = "__en__" if languages else "<s>"
    of = lambda t: {"SpecialToken": {"id": t, "type_id": 0}}
    write(folder, "tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": ids[t], "content": t, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for t in special],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True},
        "post_processor": {"type": "TemplateProcessing", "single": [of(frame), {"Sequence": {"id": "A", "type_id": 0}}, of("</s>")], "pair": [of(frame), {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}, of("</s>")],
                           "special_tokens": {t: {"id": t, "ids": [ids[t]], "tokens": [t]} for t in (frame, "</s>")}},
        "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
        "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": True, "vocab": ids, "merges": [m[2] for m in merges]}}, None)
    write(folder, "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer" if languages else "BartTokenizer", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "clean_up_tokenization_spaces": False,
                                            "model_max_length": c["shape"]["positions"], **({"additional_special_tokens": [f"__{x}__" for x in LANGUAGES]} if languages else {})})


def configs(c, folder, languages, beams):
    s = c["shape"]
    ends = {"bos_token_id": 0, "pad_token_id": PAD, "eos_token_id": EOS, "decoder_start_token_id": EOS}
    write(folder, "config.json", {"model_type": "m2m_100" if languages else "bart", "architectures": ["M2M100ForConditionalGeneration" if languages else "BartForConditionalGeneration"], "is_encoder_decoder": True, "use_cache": True, "d_model": s["d"],
                                  "encoder_layers": s["encoder"], "decoder_layers": s["decoder"], "encoder_attention_heads": s["heads"], "decoder_attention_heads": s["heads"], "encoder_ffn_dim": s["ff"], "decoder_ffn_dim": s["ff"],
                                  "vocab_size": s["vocab"], "max_position_embeddings": s["positions"], "tie_word_embeddings": True, **ends})
    more = {} if languages else {"forced_bos_token_id": 0, "forced_eos_token_id": EOS}
    write(folder, "generation_config.json", {**ends, "max_length": 200, "num_beams": beams, **more})


def write(folder, name, content, indent=1):
    with open(f"{folder}/{name}", "w") as f: f.write(json.dumps(content, ensure_ascii=False, indent=indent) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("checkpoint"); p.add_argument("folder"); p.add_argument("--beams", type=int, default=1); p.add_argument("--check", nargs=2)
    a = p.parse_args()
    c = load(a.checkpoint)
    languages = c["kind"] == "translate"
    graphs(c, a.folder)
    tokenizer(c, a.folder, languages)
    configs(c, a.folder, languages, a.beams)
    if a.check:
        tok = Tokenizer(c["tokens"])
        texts = [text for line in list(open(a.check[0]))[:400] for value in json.loads(line).values() for text in ([value] if isinstance(value, str) else value)]
        with open(a.check[1], "w") as f: json.dump([[text, tok.encode(text)] for text in texts], f)


if __name__ == "__main__": main()
